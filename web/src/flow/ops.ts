/**
 * The only functions that change a document. Each takes a document and answers the next one;
 * untouched nodes and edges keep their identity, which is what undo, saving and drawing rely on.
 */
import {
  type ComponentDef,
  type FlowDocument,
  type FlowEdge,
  type FlowNode,
  fieldOf,
  NOTE,
  type NodeData,
  type Position,
  type TemplateField,
} from "./document";
import { decodeHandle, encodeHandle, isSource, loopHandle, sourceHandle, targetHandle } from "./handles";
import { newNodeId } from "./ids";
import type { Ends } from "./validate";

export function nodeById(document: FlowDocument, id: string): FlowNode | undefined {
  return document.nodes.find((node) => node.id === id);
}

export function updateNode(document: FlowDocument, id: string, change: (node: FlowNode) => FlowNode): FlowDocument {
  const nodes = document.nodes.map((node) => (node.id === id ? change(node) : node));
  return { ...document, nodes };
}

export function updateDef(document: FlowDocument, id: string, change: Partial<ComponentDef>): FlowDocument {
  return updateNode(document, id, (node) => ({
    ...node,
    data: { ...node.data, node: { ...node.data.node, ...change } },
  }));
}

export function updateData(document: FlowDocument, id: string, change: Partial<NodeData>): FlowDocument {
  return updateNode(document, id, (node) => ({ ...node, data: { ...node.data, ...change, id: node.id } }));
}

export function addNode(
  document: FlowDocument,
  type: string,
  def: ComponentDef,
  position: Position,
  random?: () => number,
): { document: FlowDocument; id: string } {
  const id = newNodeId(type, new Set(document.nodes.map((node) => node.id)), random);
  const node: FlowNode = {
    id,
    type: "genericNode",
    position: freePlace(document, position),
    data: { id, type, node: structuredClone(def), showNode: !def.minimized },
  };
  return { document: { ...document, nodes: [...document.nodes, node] }, id };
}

export function addNote(document: FlowDocument, position: Position, random?: () => number) {
  const id = newNodeId("note", new Set(document.nodes.map((node) => node.id)), random);
  const node: FlowNode = {
    id,
    type: NOTE,
    position: freePlace(document, position),
    width: 324,
    height: 200,
    data: {
      id,
      type: "note",
      node: { description: "", display_name: "", documentation: "", template: { backgroundColor: "amber" } },
    },
  };
  return { document: { ...document, nodes: [...document.nodes, node] }, id };
}

/** Moves a new node down and right until it does not lie exactly on another. */
export function freePlace(document: FlowDocument, wanted: Position): Position {
  const place = { ...wanted };
  const near = (node: FlowNode) => Math.abs(node.position.x - place.x) < 24 && Math.abs(node.position.y - place.y) < 24;
  while (document.nodes.some(near)) {
    place.x += 32;
    place.y += 32;
  }
  return place;
}

export function removeItems(
  document: FlowDocument,
  nodeIds: ReadonlySet<string>,
  edgeIds: ReadonlySet<string>,
): FlowDocument {
  const nodes = document.nodes.filter((node) => !nodeIds.has(node.id));
  const edges = document.edges.filter(
    (edge) => !edgeIds.has(edge.id) && !nodeIds.has(edge.source) && !nodeIds.has(edge.target),
  );
  if (nodes.length === document.nodes.length && edges.length === document.edges.length) return document;
  return { nodes, edges };
}

/** Joins two handles. An input that holds one value lets go of the edge it had. */
export function connect(document: FlowDocument, ends: Ends): FlowDocument {
  const from = decodeHandle(ends.sourceHandle);
  const to = decodeHandle(ends.targetHandle);
  if (!from || !to || !ends.source || !ends.target) return document;
  const sourceText = encodeHandle(from);
  const targetText = encodeHandle(to);
  const id = `xy-edge__${ends.source}${sourceText}-${ends.target}${targetText}`;
  const target = nodeById(document, ends.target);
  const field = target && !isSource(to) ? fieldOf(target.data.node, to.fieldName) : undefined;
  const holdsOne = field !== undefined && !field.list && !field.is_list;
  const kept = document.edges.filter((edge) => {
    if (edge.id === id) return false;
    if (!holdsOne || edge.target !== ends.target) return true;
    const other = decodeHandle(edge.targetHandle);
    return !other || isSource(other) || isSource(to) || other.fieldName !== to.fieldName;
  });
  const edge: FlowEdge = {
    id,
    source: ends.source,
    target: ends.target,
    sourceHandle: sourceText,
    targetHandle: targetText,
    data: { sourceHandle: from, targetHandle: to },
    animated: false,
    className: "",
  };
  return { ...document, edges: [...kept, edge] };
}

export function setField(
  document: FlowDocument,
  id: string,
  name: string,
  change: Partial<TemplateField>,
): FlowDocument {
  return updateNode(document, id, (node) => {
    const field = fieldOf(node.data.node, name);
    if (!field) return node;
    const template = { ...node.data.node.template, [name]: { ...field, ...change } };
    return { ...node, data: { ...node.data, node: { ...node.data.node, template } } };
  });
}

export function moveNodes(document: FlowDocument, positions: ReadonlyMap<string, Position>): FlowDocument {
  if (positions.size === 0) return document;
  const nodes = document.nodes.map((node) => {
    const position = positions.get(node.id);
    if (!position || (position.x === node.position.x && position.y === node.position.y)) return node;
    return { ...node, position };
  });
  return { ...document, nodes };
}

/**
 * Takes over a component definition the server worked out anew. Only what the server decides is
 * replaced: name, description and flags of the node stay the user's.
 */
export function replaceDef(document: FlowDocument, id: string, def: ComponentDef): FlowDocument {
  const next = updateNode(document, id, (node) => {
    const old = node.data.node;
    const merged: ComponentDef = {
      ...old,
      ...def,
      display_name: old.display_name ?? def.display_name,
      description: old.description ?? def.description,
      frozen: old.frozen ?? false,
      tool_mode: def.tool_mode ?? old.tool_mode ?? false,
      template: def.template,
      outputs: def.outputs ?? old.outputs ?? [],
      ...(old.metadata ? { metadata: { ...def.metadata, ...old.metadata } } : {}),
    };
    return { ...node, data: { ...node.data, node: merged } };
  });
  return settleEdges(next, id);
}

/** Drops edges of a node whose ends are gone, and rewrites ends whose types changed. */
export function settleEdges(document: FlowDocument, id: string): FlowDocument {
  const node = nodeById(document, id);
  if (!node) return document;
  const edges: FlowEdge[] = [];
  for (const edge of document.edges) {
    const settled = settleEdge(edge, node);
    if (settled) edges.push(settled);
  }
  const same = edges.length === document.edges.length && edges.every((edge, index) => edge === document.edges[index]);
  return same ? document : { ...document, edges };
}

function settleEdge(edge: FlowEdge, node: FlowNode): FlowEdge | undefined {
  let next = edge;
  if (edge.source === node.id) {
    const handle = decodeHandle(edge.sourceHandle);
    const output = handle && isSource(handle) && node.data.node.outputs?.find((o) => o.name === handle.name);
    if (!output) return undefined;
    next = withEnd(next, "sourceHandle", encodeHandle(sourceHandle(node, output)));
  }
  if (edge.target === node.id) {
    const handle = decodeHandle(edge.targetHandle);
    if (!handle) return undefined;
    if (isSource(handle)) {
      const output = node.data.node.outputs?.find((o) => o.name === handle.name && o.allows_loop);
      if (!output) return undefined;
      next = withEnd(next, "targetHandle", encodeHandle(loopHandle(node, output)));
    } else {
      const field = fieldOf(node.data.node, handle.fieldName);
      if (!field || field.show === false) return undefined;
      next = withEnd(next, "targetHandle", encodeHandle(targetHandle(node, handle.fieldName, field)));
    }
  }
  return next;
}

function withEnd(edge: FlowEdge, end: "sourceHandle" | "targetHandle", text: string): FlowEdge {
  if (edge[end] === text) return edge;
  const handle = decodeHandle(text);
  return { ...edge, [end]: text, data: { ...edge.data, [end]: handle } };
}

/** Brings a loaded document to canonical handles, so that every edge finds its ends. */
export function canonical(document: FlowDocument): { document: FlowDocument; dropped: number } {
  const nodes = new Map(document.nodes.map((node) => [node.id, node]));
  const edges: FlowEdge[] = [];
  for (const edge of document.edges) {
    const source = nodes.get(edge.source);
    const target = nodes.get(edge.target);
    if (!source || !target) continue;
    const spoken = withTexts(edge);
    const half = settleEdge(spoken, source);
    const whole = half && settleEdge(half, target);
    if (whole) edges.push(whole);
  }
  return { document: { ...document, edges }, dropped: document.edges.length - edges.length };
}

/** Edges may hold their handles only as objects, or as text with blanks. */
function withTexts(edge: FlowEdge): FlowEdge {
  const text = (end: "sourceHandle" | "targetHandle") => {
    const spoken = decodeHandle(edge[end]);
    if (spoken) return encodeHandle(spoken);
    const stored = edge.data?.[end];
    const decoded = decodeHandle(JSON.stringify(stored ?? null));
    return decoded ? encodeHandle(decoded) : edge[end];
  };
  return { ...edge, sourceHandle: text("sourceHandle") ?? null, targetHandle: text("targetHandle") ?? null };
}
