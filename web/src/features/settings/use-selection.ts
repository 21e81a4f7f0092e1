import { useState } from "react";

/** Which rows of a table are ticked. */
export function useSelection() {
  const [ids, setIds] = useState<ReadonlySet<string>>(new Set());
  return {
    has: (id: string) => ids.has(id),
    clear: () => setIds(new Set()),
    toggle: (id: string) => {
      const next = new Set(ids);
      if (!next.delete(id)) next.add(id);
      setIds(next);
    },
    toggleAll: (all: string[]) => setIds(all.every((id) => ids.has(id)) ? new Set() : new Set(all)),
  };
}
