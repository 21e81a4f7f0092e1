/**
 * Which nodes show their fields. From afar nobody can read them, and a flow of hundreds of nodes would take
 * seconds to fill; so a node is drawn light first and gets its fields when it is near and in view, a few nodes in
 * each frame.
 */
import { type ReactFlowState, useStore, useUpdateNodeInternals } from "@xyflow/react";
import { useCallback, useEffect, useRef, useState } from "react";
import { useEditor } from "@/stores/editor";

/** Below this zoom no field can be read. */
export const FAR = 0.4;
/** Below this zoom only the name of a node can be read, and that large. */
export const FARTHER = 0.27;
/** Beyond this many nodes only those in view are drawn, and filled one after another. */
export const MANY = 40;
const PER_FRAME = 2;
/** Pixels around the view in which nodes are filled already. */
const MARGIN = 200;

const waiting = new Map<string, () => void>();
let isPlanned = false;

function plan(): void {
  if (isPlanned || waiting.size === 0) return;
  isPlanned = true;
  requestAnimationFrame(() => {
    isPlanned = false;
    let left = PER_FRAME;
    for (const [id, act] of waiting) {
      waiting.delete(id);
      act();
      left -= 1;
      if (left === 0) break;
    }
    plan();
  });
}

export function isNear(state: ReactFlowState, id: string, isAmongMany: boolean): boolean {
  const [left, top, zoom] = state.transform;
  if (zoom < FAR) return false;
  const node = isAmongMany ? state.nodeLookup.get(id) : undefined;
  if (!node) return !isAmongMany;
  const x = node.internals.positionAbsolute.x * zoom + left;
  const y = node.internals.positionAbsolute.y * zoom + top;
  const width = (node.measured.width ?? 320) * zoom;
  const height = (node.measured.height ?? 320) * zoom;
  return x + width > -MARGIN && x < state.width + MARGIN && y + height > -MARGIN && y < state.height + MARGIN;
}

/** Whether the node draws its fields now. */
export function useDetail(id: string): boolean {
  const isAmongMany = useEditor((state) => state.document.nodes.length > MANY);
  const wanted = useStore(useCallback((state) => isNear(state, id, isAmongMany), [id, isAmongMany]));
  const [shown, setShown] = useState(!isAmongMany && wanted);
  const measureAgain = useUpdateNodeInternals();

  useEffect(() => {
    if (shown === wanted) return;
    if (!isAmongMany) {
      setShown(wanted);
      return;
    }
    waiting.set(id, () => setShown(wanted));
    plan();
    return () => {
      waiting.delete(id);
    };
  }, [id, wanted, shown, isAmongMany]);

  // Handles lie elsewhere now, even where the size stayed.
  const drawn = useRef(shown);
  useEffect(() => {
    if (drawn.current === shown) return;
    drawn.current = shown;
    measureAgain(id);
  }, [id, shown, measureAgain]);
  return shown;
}
