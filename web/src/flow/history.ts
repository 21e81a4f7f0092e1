/**
 * Undo and redo by deltas. A delta holds, for every node and edge that changed, what it was and what
 * it became; the two documents are compared by identity, so recording costs one walk and no copies.
 */
import type { FlowDocument, FlowEdge, FlowNode } from "./document";

type Change<T> = { before: T | undefined; after: T | undefined };

export type Delta = {
  nodes: ReadonlyMap<string, Change<FlowNode>>;
  edges: ReadonlyMap<string, Change<FlowEdge>>;
  /** Steps of one kind in a row become one step (typing in a field, holding an arrow key). */
  merge: string | undefined;
  at: number;
};

export type History = { past: readonly Delta[]; future: readonly Delta[] };

export const emptyHistory: History = { past: [], future: [] };

const LIMIT = 100;
const MERGE_MS = 1200;

export function diff(
  before: FlowDocument,
  after: FlowDocument,
  merge: string | undefined,
  at: number,
): Delta | undefined {
  const nodes = changes(before.nodes, after.nodes, sameNode);
  const edges = changes(before.edges, after.edges, sameEdge);
  return nodes.size === 0 && edges.size === 0 ? undefined : { nodes, edges, merge, at };
}

/** Selection, size and dragging are the screen's, not the document's. */
export function sameNode(a: FlowNode, b: FlowNode): boolean {
  return a === b || (a.data === b.data && a.position === b.position && a.width === b.width && a.height === b.height);
}

export function sameEdge(a: FlowEdge, b: FlowEdge): boolean {
  return a === b || (a.sourceHandle === b.sourceHandle && a.targetHandle === b.targetHandle);
}

function changes<T extends { id: string }>(before: T[], after: T[], same: (a: T, b: T) => boolean) {
  const found = new Map<string, Change<T>>();
  if (before === after) return found;
  const old = new Map(before.map((item) => [item.id, item]));
  for (const item of after) {
    const was = old.get(item.id);
    old.delete(item.id);
    if (!was || !same(was, item)) found.set(item.id, { before: was, after: item });
  }
  for (const [id, item] of old) found.set(id, { before: item, after: undefined });
  return found;
}

export function record(history: History, delta: Delta): History {
  const last = history.past.at(-1);
  if (last && delta.merge !== undefined && last.merge === delta.merge && delta.at - last.at < MERGE_MS) {
    return { past: [...history.past.slice(0, -1), join(last, delta)], future: [] };
  }
  return { past: [...history.past, delta].slice(-LIMIT), future: [] };
}

/**
 * Puts a change that answers the last step into it: what the server made of a value comes and goes with the value.
 * A change of anything else is no part of the history.
 */
export function amend(history: History, delta: Delta): History {
  const last = history.past.at(-1);
  if (!last || ![...delta.nodes.keys()].every((id) => last.nodes.has(id))) return history;
  return { ...history, past: [...history.past.slice(0, -1), { ...join(last, delta), merge: last.merge, at: last.at }] };
}

function join(first: Delta, second: Delta): Delta {
  const both = <T>(a: ReadonlyMap<string, Change<T>>, b: ReadonlyMap<string, Change<T>>) => {
    const joined = new Map(a);
    for (const [id, change] of b) {
      const was = a.get(id);
      joined.set(id, was ? { before: was.before, after: change.after } : change);
    }
    return joined;
  };
  return {
    nodes: both(first.nodes, second.nodes),
    edges: both(first.edges, second.edges),
    merge: second.merge,
    at: second.at,
  };
}

function apply(document: FlowDocument, delta: Delta, side: "before" | "after"): FlowDocument {
  return {
    nodes: applyTo(document.nodes, delta.nodes, side),
    edges: applyTo(document.edges, delta.edges, side),
  };
}

function applyTo<T extends { id: string }>(
  items: T[],
  delta: ReadonlyMap<string, Change<T>>,
  side: "before" | "after",
): T[] {
  if (delta.size === 0) return items;
  const rest = new Map(delta);
  const next: T[] = [];
  for (const item of items) {
    const change = rest.get(item.id);
    if (!change) {
      next.push(item);
      continue;
    }
    rest.delete(item.id);
    const value = change[side];
    if (value) next.push(value);
  }
  for (const change of rest.values()) {
    const value = change[side];
    if (value) next.push(value);
  }
  return next;
}

export function undo(
  document: FlowDocument,
  history: History,
): { document: FlowDocument; history: History } | undefined {
  const delta = history.past.at(-1);
  if (!delta) return undefined;
  return {
    document: apply(document, delta, "before"),
    history: { past: history.past.slice(0, -1), future: [...history.future, delta] },
  };
}

export function redo(
  document: FlowDocument,
  history: History,
): { document: FlowDocument; history: History } | undefined {
  const delta = history.future.at(-1);
  if (!delta) return undefined;
  return {
    document: apply(document, delta, "after"),
    history: { past: [...history.past, delta], future: history.future.slice(0, -1) },
  };
}
