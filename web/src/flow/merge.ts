/** Two people changed one flow: what each did since the common base, and one document out of both. */
import { type FlowDocument, type FlowEdge, type FlowNode, isNote } from "./document";
import { t } from "./messages";
import { nameOf } from "./validate";

export type Kind = "added" | "removed" | "changed";
export type Difference = { id: string; kind: Kind; label: string };

/** Nodes that differ between two documents, and edges that came or went. */
export function differences(base: FlowDocument, other: FlowDocument): Difference[] {
  const found: Difference[] = [];
  const old = new Map(base.nodes.map((node) => [node.id, node]));
  for (const node of other.nodes) {
    const was = old.get(node.id);
    old.delete(node.id);
    if (!was) found.push({ id: `node:${node.id}`, kind: "added", label: label(node) });
    else if (content(was) !== content(node)) found.push({ id: `node:${node.id}`, kind: "changed", label: label(node) });
  }
  for (const node of old.values()) found.push({ id: `node:${node.id}`, kind: "removed", label: label(node) });
  const names = new Map([...base.nodes, ...other.nodes].map((node) => [node.id, label(node)]));
  const line = (edge: FlowEdge) =>
    `${names.get(edge.source) ?? edge.source} → ${names.get(edge.target) ?? edge.target}`;
  const oldEdges = new Map(base.edges.map((edge) => [edgeKey(edge), edge]));
  for (const edge of other.edges) {
    if (!oldEdges.delete(edgeKey(edge))) found.push({ id: `edge:${edgeKey(edge)}`, kind: "added", label: line(edge) });
  }
  for (const [key, edge] of oldEdges) found.push({ id: `edge:${key}`, kind: "removed", label: line(edge) });
  return found;
}

/**
 * The newest of theirs with the chosen changes of mine on top. An edge is kept only where both its
 * nodes are.
 */
export function merge(
  base: FlowDocument,
  mine: FlowDocument,
  theirs: FlowDocument,
  chosen: ReadonlySet<string>,
): FlowDocument {
  const changes = differences(base, mine).filter((change) => chosen.has(change.id));
  const mineNodes = new Map(mine.nodes.map((node) => [node.id, node]));
  const nodes = new Map(theirs.nodes.map((node) => [node.id, node]));
  const edges = new Map(theirs.edges.map((edge) => [edgeKey(edge), edge]));
  const mineEdges = new Map(mine.edges.map((edge) => [edgeKey(edge), edge]));
  for (const change of changes) {
    const [kind, id] = [change.id.slice(0, 4), change.id.slice(5)];
    if (kind === "node") apply(nodes, id, mineNodes.get(id));
    else apply(edges, id, mineEdges.get(id));
  }
  return {
    nodes: [...nodes.values()],
    edges: [...edges.values()].filter((edge) => nodes.has(edge.source) && nodes.has(edge.target)),
  };
}

function apply<T>(items: Map<string, T>, id: string, value: T | undefined) {
  if (value === undefined) items.delete(id);
  else items.set(id, value);
}

function edgeKey(edge: FlowEdge): string {
  return `${edge.source}|${edge.sourceHandle ?? ""}|${edge.target}|${edge.targetHandle ?? ""}`;
}

function label(node: FlowNode): string {
  return isNote(node) ? t.note : nameOf(node);
}

/** What counts as a change: place and content, not selection or measured size. */
function content(node: FlowNode): string {
  return JSON.stringify([node.position, node.data]);
}
