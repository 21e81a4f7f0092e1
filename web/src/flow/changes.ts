/** What a save has to tell the server: the parts of the graph that are not as it has them. */
import type { FlowDocument, FlowEdge, FlowNode, Viewport } from "./document";
import { writeEdge, writeNode } from "./document";
import { sameEdge, sameNode } from "./history";

export type GraphChanges = {
  nodes: unknown[];
  edges: unknown[];
  removed_nodes: string[];
  removed_edges: string[];
  viewport: Viewport;
};

/** The server takes changed items in the place of those of their id, and keeps code that is left out. */
export function graphChanges(base: FlowDocument, document: FlowDocument, viewport: Viewport): GraphChanges {
  const nodes = compare(base.nodes, document.nodes, sameNode);
  const edges = compare(base.edges, document.edges, sameEdge);
  return {
    nodes: nodes.changed.map(([node, was]) => withoutSource(writeNode(node), was)),
    edges: edges.changed.map(([edge]: [FlowEdge, FlowEdge | undefined]) => writeEdge(edge)),
    removed_nodes: nodes.removed,
    removed_edges: edges.removed,
    viewport,
  };
}

function compare<T extends { id: string }>(before: T[], after: T[], same: (a: T, b: T) => boolean) {
  const old = new Map(before.map((item) => [item.id, item]));
  const changed: [T, T | undefined][] = [];
  for (const item of after) {
    const was = old.get(item.id);
    old.delete(item.id);
    if (!was || !same(was, item)) changed.push([item, was]);
  }
  return { changed, removed: [...old.keys()] };
}

/** The source of a component is most of its weight and nearly never what changed. */
function withoutSource(node: FlowNode, was: FlowNode | undefined): FlowNode {
  const { code, ...template } = node.data.node.template;
  const stored = was?.data.node.template.code;
  if (typeof code !== "object" || typeof stored !== "object" || code.value !== stored.value) return node;
  const { value: _, ...rest } = code;
  return { ...node, data: { ...node.data, node: { ...node.data.node, template: { ...template, code: rest } } } };
}
