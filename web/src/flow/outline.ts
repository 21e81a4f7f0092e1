/** A flow drawn small: boxes and the lines between them, in the coordinates of the canvas. */
import type { FlowDocument } from "./document";

export interface Outline {
  boxes: { id: string; x: number; y: number; width: number; height: number; isNote: boolean; label: string }[];
  lines: { id: string; from: { x: number; y: number }; to: { x: number; y: number } }[];
  bounds: { x: number; y: number; width: number; height: number };
}

/** Sizes where the flow does not tell them. */
const NODE = { width: 320, height: 260 };
const SMALL = { width: 190, height: 60 };
const MARGIN = 40;

export function outlineOf(document: FlowDocument): Outline {
  const boxes = document.nodes.map((node) => {
    const isSmall = node.data.showNode === false;
    const usual = isSmall ? SMALL : NODE;
    return {
      id: node.id,
      x: node.position.x,
      y: node.position.y,
      width: node.width ?? node.measured?.width ?? usual.width,
      height: node.height ?? node.measured?.height ?? usual.height,
      isNote: node.type === "noteNode",
      label: node.data.node.display_name ?? "",
    };
  });
  const byId = new Map(boxes.map((box) => [box.id, box]));
  const lines = document.edges.flatMap((edge) => {
    const [from, to] = [byId.get(edge.source), byId.get(edge.target)];
    if (!from || !to) return [];
    return [
      {
        id: edge.id,
        from: { x: from.x + from.width, y: from.y + from.height / 2 },
        to: { x: to.x, y: to.y + to.height / 2 },
      },
    ];
  });
  const left = Math.min(0, ...boxes.map((box) => box.x));
  const top = Math.min(0, ...boxes.map((box) => box.y));
  const right = Math.max(1, ...boxes.map((box) => box.x + box.width));
  const bottom = Math.max(1, ...boxes.map((box) => box.y + box.height));
  const x = boxes.length > 0 ? Math.min(...boxes.map((box) => box.x)) : left;
  const y = boxes.length > 0 ? Math.min(...boxes.map((box) => box.y)) : top;
  return {
    boxes,
    lines,
    bounds: { x: x - MARGIN, y: y - MARGIN, width: right - x + 2 * MARGIN, height: bottom - y + 2 * MARGIN },
  };
}
