/** Tidy up: columns by distance from the start, order within a column by the neighbours' middle. */
import { type FlowDocument, type FlowNode, isNote, type Position } from "./document";

const GAP_X = 110;
const GAP_Y = 48;

export function tidy(document: FlowDocument): Map<string, Position> {
  const nodes = document.nodes.filter((node) => !isNote(node));
  const positions = new Map<string, Position>();
  if (nodes.length === 0) return positions;
  const layers = layersOf(nodes, document.edges);
  const order = new Map<string, number>();
  const before = new Map<string, string[]>();
  for (const edge of document.edges) before.set(edge.target, [...(before.get(edge.target) ?? []), edge.source]);
  const left = Math.min(...nodes.map((node) => node.position.x));
  const top = Math.min(...nodes.map((node) => node.position.y));
  const height = (node: FlowNode) => node.measured?.height ?? node.height ?? 260;
  const width = (node: FlowNode) => node.measured?.width ?? node.width ?? 320;
  const columnHeight = (column: FlowNode[]) => column.reduce((sum, node) => sum + height(node) + GAP_Y, -GAP_Y);
  const tallest = Math.max(...layers.map(columnHeight));
  let x = left;
  for (const column of layers) {
    const rank = (node: FlowNode) => {
      const places = (before.get(node.id) ?? []).flatMap((id) => order.get(id) ?? []);
      return places.length > 0 ? places.reduce((a, b) => a + b, 0) / places.length : node.position.y;
    };
    column.sort((a, b) => rank(a) - rank(b));
    let y = top + (tallest - columnHeight(column)) / 2;
    for (const node of column) {
      positions.set(node.id, { x, y });
      order.set(node.id, y + height(node) / 2);
      y += height(node) + GAP_Y;
    }
    x += Math.max(...column.map(width)) + GAP_X;
  }
  return positions;
}

/** Longest path from a start; an edge that closes a cycle does not count. */
function layersOf(nodes: FlowNode[], edges: FlowDocument["edges"]): FlowNode[][] {
  const next = new Map<string, string[]>();
  const known = new Set(nodes.map((node) => node.id));
  for (const edge of edges) {
    if (known.has(edge.source) && known.has(edge.target)) {
      next.set(edge.source, [...(next.get(edge.source) ?? []), edge.target]);
    }
  }
  const order: string[] = [];
  const state = new Map<string, "open" | "done">();
  const forward = new Map<string, string[]>();
  for (const root of nodes) visit(root.id);
  const depth = new Map<string, number>(nodes.map((node) => [node.id, 0]));
  for (const id of order.reverse()) {
    for (const to of forward.get(id) ?? []) depth.set(to, Math.max(depth.get(to) ?? 0, (depth.get(id) ?? 0) + 1));
  }
  const layers: FlowNode[][] = [];
  for (const node of nodes) {
    const layer = depth.get(node.id) ?? 0;
    const column = layers[layer] ?? [];
    column.push(node);
    layers[layer] = column;
  }
  return layers.filter((column) => column !== undefined && column.length > 0);

  /** Depth first with a stack of its own: a chain of thousands must not overflow the call stack. */
  function visit(root: string) {
    if (state.has(root)) return;
    const stack: { id: string; index: number }[] = [{ id: root, index: 0 }];
    state.set(root, "open");
    while (stack.length > 0) {
      const top = stack.at(-1);
      if (!top) return;
      const to = (next.get(top.id) ?? [])[top.index];
      top.index += 1;
      if (to === undefined) {
        state.set(top.id, "done");
        order.push(top.id);
        stack.pop();
        continue;
      }
      if (state.get(to) === "open") continue;
      forward.set(top.id, [...(forward.get(top.id) ?? []), to]);
      if (!state.has(to)) {
        state.set(to, "open");
        stack.push({ id: to, index: 0 });
      }
    }
  }
}
