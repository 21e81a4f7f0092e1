import { useReactFlow, useStore, useStoreApi } from "@xyflow/react";
import { useEffect, useRef } from "react";
import type { Viewport } from "@/flow/document";

const fit = { maxZoom: 1, padding: 0.1, duration: 150 };

/**
 * A panel that opens beside the canvas takes room from it. Where the whole flow was in view it stays so; when the
 * panel closes, the view is what it was, unless somebody moved it meanwhile.
 */
export function useKeepInView(): void {
  const width = useStore((state) => state.width);
  const store = useStoreApi();
  const flow = useReactFlow();
  const last = useRef(width);
  const before = useRef<{ width: number; viewport: Viewport; mark: string }>(undefined);

  useEffect(() => {
    const old = last.current;
    last.current = width;
    if (old === 0 || width === 0 || old === width) return;
    const viewport = flow.getViewport();
    const kept = before.current;
    if (kept && width >= kept.width) {
      before.current = undefined;
      if (markOf(viewport) === kept.mark) void flow.setViewport(kept.viewport, { duration: fit.duration });
      return;
    }
    const nodes = flow.getNodes();
    if (width > old || nodes.length === 0) return;
    const { x, y, zoom } = viewport;
    const bounds = flow.getNodesBounds(nodes);
    const isInside = (inner: number) => bounds.x * zoom + x >= 0 && (bounds.x + bounds.width) * zoom + x <= inner;
    const isHigh = bounds.y * zoom + y >= 0 && (bounds.y + bounds.height) * zoom + y <= store.getState().height;
    if (!isHigh || !isInside(old) || isInside(width)) return;
    void flow.fitView(fit).then(() => {
      before.current = {
        width: kept?.width ?? old,
        viewport: kept?.viewport ?? viewport,
        mark: markOf(flow.getViewport()),
      };
    });
  }, [width, flow, store]);
}

const markOf = ({ x, y, zoom }: Viewport) => `${x.toFixed(0)} ${y.toFixed(0)} ${zoom.toFixed(3)}`;
