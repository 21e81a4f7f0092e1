import type { FlowHeader } from "@/api/types";
import { t } from "./messages";

export const sorts = { edited: t.lastEdited, run: t.lastRun, name: t.name } as const;
export type Sort = keyof typeof sorts;

/** Flows in the order that was asked for; those that never ran come last when sorted by their runs. */
export function sortFlows<F extends Pick<FlowHeader, "id" | "name" | "updated_at">>(
  flows: F[],
  sort: Sort,
  lastRuns: ReadonlyMap<string, { created_at: string }>,
): F[] {
  const newest = (a: string | undefined, b: string | undefined) => (b ?? "").localeCompare(a ?? "");
  const ranAt = (flow: F) => lastRuns.get(flow.id)?.created_at;
  switch (sort) {
    case "edited":
      return flows.toSorted((a, b) => newest(a.updated_at, b.updated_at));
    case "run":
      return flows.toSorted((a, b) => newest(ranAt(a), ranAt(b)) || a.name.localeCompare(b.name));
    case "name":
      return flows.toSorted((a, b) => a.name.localeCompare(b.name, undefined, { numeric: true }));
  }
}
