import { getViewportForBounds } from "@xyflow/react";
import { type FlowNode, fieldsOf, isNote, type NodeData, type Viewport } from "@/flow/document";

/** About what a node will measure once its fields are drawn, in pixels of the flow. */
export function guessSize(data: NodeData): { width: number; height: number } {
  if (data.showNode === false) return { width: 208, height: 48 };
  const fields = fieldsOf(data.node).filter(
    ([name, field]) => name !== "code" && field.show !== false && !field.advanced,
  );
  const text = data.node.description ? 44 : 0;
  return { width: 320, height: 46 + text + 24 + Math.max(1, fields.length) * 66 + 37 };
}

function sizeOf(node: FlowNode): { width: number; height: number } {
  const guess = isNote(node) ? { width: 324, height: 200 } : guessSize(node.data);
  return {
    width: node.measured?.width ?? node.width ?? guess.width,
    height: node.measured?.height ?? node.height ?? guess.height,
  };
}

/** The view of all nodes, before any is drawn: a large flow must not be drawn at a zoom that it leaves at once. */
export function viewOfAll(nodes: FlowNode[], width: number, height: number): Viewport {
  if (nodes.length === 0) return { x: 0, y: 0, zoom: 1 };
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const node of nodes) {
    const size = sizeOf(node);
    left = Math.min(left, node.position.x);
    top = Math.min(top, node.position.y);
    right = Math.max(right, node.position.x + size.width);
    bottom = Math.max(bottom, node.position.y + size.height);
  }
  const bounds = { x: left, y: top, width: right - left, height: bottom - top };
  return getViewportForBounds(bounds, Math.max(width, 100), Math.max(height, 100), 0.05, 1, 0.15);
}
