import { useState } from "react";

/** Which rows of a table are ticked. */
export interface Selection {
  has: (id: string) => boolean;
  clear: () => void;
  toggle: (id: string) => void;
  toggleAll: (all: string[]) => void;
}

export function useSelection(): Selection {
  const [ids, setIds] = useState<ReadonlySet<string>>(new Set());
  return {
    has: (id) => ids.has(id),
    clear: () => setIds(new Set()),
    toggle: (id) => {
      const next = new Set(ids);
      if (!next.delete(id)) next.add(id);
      setIds(next);
    },
    toggleAll: (all) => setIds(all.every((id) => ids.has(id)) ? new Set() : new Set(all)),
  };
}
