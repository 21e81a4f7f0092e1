/** An error of any kind as a sentence for a person. */
export function describe(error: unknown): string {
  return error instanceof Error ? error.message : "Something went wrong.";
}
