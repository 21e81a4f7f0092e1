import { type QueryKey, useQueryClient } from "@tanstack/react-query";
import { confirm, type Question } from "@/stores/confirm";
import { toast } from "@/stores/toast";
import { describe } from "@/util/describe";

export interface Removal {
  /** Asked before anything is done; none: done at once. */
  question?: Omit<Question, "danger">;
  run: () => Promise<unknown>;
  /** Said when it is done. */
  done?: string;
  /** Lists that are out of date then. */
  stale: QueryKey[];
}

/** Asks, removes, says so and renews the lists. Answers whether it was done. */
export function useRemove(): (removal: Removal) => Promise<boolean> {
  const queries = useQueryClient();
  return async ({ question, run, done, stale }) => {
    if (question && !(await confirm({ ...question, danger: true }))) return false;
    let isDone = false;
    try {
      await run();
      isDone = true;
      if (done) toast.ok(done);
    } catch (error) {
      toast.error(describe(error));
    }
    for (const queryKey of stale) await queries.invalidateQueries({ queryKey });
    return isDone;
  };
}
