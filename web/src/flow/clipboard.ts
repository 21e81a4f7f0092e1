import { type FlowDocument, type FlowEdge, type FlowNode, type Position, readGraph } from "./document";
import { decodeHandle, encodeHandle } from "./handles";
import { newNodeId } from "./ids";
import { t } from "./messages";

/** Pasting more than this would freeze the page. */
export const PASTE_LIMIT = 20 * 1024 * 1024;

const marker = "langflow/clipboard";

/** The selected nodes and the edges between them, as text for the system clipboard. */
export function copyText(document: FlowDocument): string | undefined {
  const nodes = document.nodes.filter((node) => node.selected);
  if (nodes.length === 0) return undefined;
  const ids = new Set(nodes.map((node) => node.id));
  const edges = document.edges.filter((edge) => ids.has(edge.source) && ids.has(edge.target));
  return JSON.stringify({ kind: marker, nodes, edges });
}

export type Pasted = { ok: true; document: FlowDocument } | { ok: false; reason: string };

/** Reads copied nodes, or a whole exported flow. `undefined` when the text is something else. */
export function readClipboard(text: string): Pasted | undefined {
  const start = text.slice(0, 200).trimStart();
  if (!start.startsWith("{")) return undefined;
  if (text.length > PASTE_LIMIT) return { ok: false, reason: t.thisIsLargerThan20 };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== "object" || value === null) return undefined;
  const graph = "data" in value && !("nodes" in value) ? value.data : value;
  if (typeof graph !== "object" || graph === null || !("nodes" in graph)) return undefined;
  const { document } = readGraph(graph);
  if (document.nodes.length === 0) return { ok: false, reason: t.thereIsNoComponentIn };
  return { ok: true, document };
}

/** Adds nodes, selected, their middle at `at`; under new ids, or under their own where these are free. */
export function paste(
  document: FlowDocument,
  pasted: FlowDocument,
  at: Position,
  random?: () => number,
  options: { keepIds?: boolean } = {},
): { document: FlowDocument; ids: string[] } {
  const taken = new Set(document.nodes.map((node) => node.id));
  const ids = new Map<string, string>();
  for (const node of pasted.nodes) {
    const isFree = options.keepIds === true && !taken.has(node.id);
    const id = isFree ? node.id : newNodeId(node.data.type || "node", taken, random);
    taken.add(id);
    ids.set(node.id, id);
  }
  const shift = shiftTo(pasted.nodes, at);
  const nodes = pasted.nodes.map((node): FlowNode => {
    const id = ids.get(node.id) ?? node.id;
    const copy = structuredClone(node);
    return {
      ...copy,
      id,
      selected: true,
      dragging: false,
      position: { x: node.position.x + shift.x, y: node.position.y + shift.y },
      data: { ...copy.data, id },
    };
  });
  const edges = pasted.edges.flatMap((edge) => renameEdge(edge, ids) ?? []);
  const rest = document.nodes.map((node) => (node.selected ? { ...node, selected: false } : node));
  return {
    document: { nodes: [...rest, ...nodes], edges: [...document.edges, ...edges] },
    ids: nodes.map((node) => node.id),
  };
}

function shiftTo(nodes: FlowNode[], at: Position): Position {
  const xs = nodes.map((node) => node.position.x);
  const ys = nodes.map((node) => node.position.y);
  return { x: at.x - (Math.min(...xs) + Math.max(...xs)) / 2, y: at.y - (Math.min(...ys) + Math.max(...ys)) / 2 };
}

function renameEdge(edge: FlowEdge, ids: ReadonlyMap<string, string>): FlowEdge | undefined {
  const source = ids.get(edge.source);
  const target = ids.get(edge.target);
  const from = decodeHandle(edge.sourceHandle);
  const to = decodeHandle(edge.targetHandle);
  if (!source || !target || !from || !to) return undefined;
  const sourceHandle = { ...from, id: source };
  const targetHandle = { ...to, id: target };
  const sourceText = encodeHandle(sourceHandle);
  const targetText = encodeHandle(targetHandle);
  return {
    ...edge,
    id: `xy-edge__${source}${sourceText}-${target}${targetText}`,
    source,
    target,
    sourceHandle: sourceText,
    targetHandle: targetText,
    selected: false,
    data: { sourceHandle, targetHandle },
  };
}
