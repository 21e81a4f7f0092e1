/** An error of any kind as a sentence for a person. */
import { t } from "./messages";

export function describe(error: unknown): string {
  return error instanceof Error ? error.message : t.somethingWentWrong;
}
