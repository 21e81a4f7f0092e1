/** Switches of nodes that are part of the flow: small, frozen. */
import type { FlowDocument, FlowNode } from "./document";

/** Makes the given nodes small; when all of them are, makes them large again. */
export function minimise(document: FlowDocument, ids: string[]): FlowDocument {
  const wanted = new Set(ids);
  const isMine = (node: FlowNode) => wanted.has(node.id) && node.type === "genericNode";
  const showNode = document.nodes.filter(isMine).every((node) => node.data.showNode === false);
  const nodes = document.nodes.map((node) =>
    isMine(node) && (node.data.showNode ?? true) !== showNode ? { ...node, data: { ...node.data, showNode } } : node,
  );
  return { ...document, nodes };
}

/** A frozen node keeps its last result, and so must everything it was made from. Thawing thaws what follows. */
export function freeze(document: FlowDocument, id: string, frozen: boolean): FlowDocument {
  const reached = reach(document, id, frozen ? "up" : "down");
  const nodes = document.nodes.map((node) =>
    reached.has(node.id) && Boolean(node.data.node.frozen) !== frozen
      ? { ...node, data: { ...node.data, node: { ...node.data.node, frozen } } }
      : node,
  );
  return { ...document, nodes };
}

function reach(document: FlowDocument, id: string, way: "up" | "down"): Set<string> {
  const found = new Set([id]);
  const open = [id];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    for (const edge of document.edges) {
      const [here, next] = way === "up" ? [edge.target, edge.source] : [edge.source, edge.target];
      if (here === at && !found.has(next)) {
        found.add(next);
        open.push(next);
      }
    }
  }
  return found;
}
