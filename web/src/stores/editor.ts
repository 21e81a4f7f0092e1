/** The one open document, its history, and what runs in it. */
import { applyEdgeChanges, applyNodeChanges, type EdgeChange, type NodeChange } from "@xyflow/react";
import { create } from "zustand";
import type { Flow } from "@/api/types";
import { type FlowDocument, type FlowEdge, type FlowNode, readGraph, type Viewport } from "@/flow/document";
import { lookInside } from "@/flow/groups";
import { diff, emptyHistory, type History, record, redo, undo } from "@/flow/history";
import { canonical } from "@/flow/ops";
import { idleRun, type RunState } from "@/flow/run";

export type SaveState =
  | { kind: "saved" }
  | { kind: "unsaved" }
  | { kind: "saving" }
  | { kind: "offline"; text: string }
  | { kind: "conflict" }
  | { kind: "locked" }
  | { kind: "gone" }
  | { kind: "failed"; text: string };

export type FlowMeta = Omit<Flow, "data">;

export interface ChangeOptions {
  /** Steps of the same kind in quick succession are undone together. */
  merge?: string;
  /** A change of the server: saved, but never undone. */
  server?: boolean;
}

export interface Shelved {
  document: FlowDocument;
  readOnly: boolean;
  run: RunState;
  title: string;
  /** The way through groups to what is shown instead; nothing where that is an older version. */
  inside: readonly string[] | undefined;
}

interface Editor {
  meta: FlowMeta | undefined;
  document: FlowDocument;
  viewport: Viewport;
  history: History;
  /** Counts changes of the document, for saving. */
  revision: number;
  /** What the server holds, as far as this page knows. */
  base: FlowDocument;
  versionToken: string | undefined;
  save: SaveState;
  run: RunState;
  readOnly: boolean;
  /** What was on the canvas before something else was put there to be looked at. */
  shelved: Shelved | undefined;
  /** The document before the drag or resize that is going on. */
  gesture: FlowDocument | undefined;

  open: (flow: Flow) => number;
  close: () => void;
  /** Shows a version, or the inside of a group (with the way to it), without touching the flow. */
  preview: (document: FlowDocument, title: string, run?: RunState, inside?: readonly string[]) => void;
  endPreview: () => void;
  /** Changes the flow while the inside of one of its groups is on the canvas. */
  changeInside: (step: (document: FlowDocument, path: readonly string[]) => FlowDocument, merge?: string) => void;
  change: (step: (document: FlowDocument) => FlowDocument, options?: ChangeOptions) => void;
  undo: () => void;
  redo: () => void;
  applyNodes: (changes: NodeChange<FlowNode>[]) => void;
  applyEdges: (changes: EdgeChange<FlowEdge>[]) => void;
  select: (ids: readonly string[]) => void;
}

const empty: FlowDocument = { nodes: [], edges: [] };
const start = { x: 0, y: 0, zoom: 1 };

export const useEditor = create<Editor>((set, get) => ({
  meta: undefined,
  document: empty,
  viewport: start,
  history: emptyHistory,
  revision: 0,
  base: empty,
  versionToken: undefined,
  save: { kind: "saved" },
  run: idleRun,
  readOnly: false,
  shelved: undefined,
  gesture: undefined,

  open: (flow) => {
    const { data, ...meta } = flow;
    const read = readGraph(data);
    const { document, dropped } = canonical(read.document);
    set({
      meta,
      document,
      base: document,
      viewport: read.viewport ?? start,
      history: emptyHistory,
      revision: 0,
      versionToken: flow.version_token ?? undefined,
      save: flow.locked ? { kind: "locked" } : { kind: "saved" },
      run: idleRun,
      readOnly: flow.locked ?? false,
      shelved: undefined,
      gesture: undefined,
    });
    return read.dropped + dropped;
  },

  close: () =>
    set({ meta: undefined, document: empty, base: empty, history: emptyHistory, run: idleRun, shelved: undefined }),

  preview: (version, title, shown = idleRun, inside) =>
    set(({ document, readOnly, run, shelved }) => ({
      shelved: shelved ? { ...shelved, title, inside } : { document, readOnly, run, title, inside },
      document: version,
      readOnly: true,
      run: shown,
      gesture: undefined,
    })),

  endPreview: () =>
    set(({ shelved }) =>
      shelved ? { document: shelved.document, readOnly: shelved.readOnly, run: shelved.run, shelved: undefined } : {},
    ),

  changeInside: (step, merge) => {
    const { document, history, shelved } = get();
    if (!shelved?.inside || shelved.readOnly) return;
    const next = step(shelved.document, shelved.inside);
    const delta = diff(shelved.document, next, merge, Date.now());
    const shown = lookInside(next, shelved.inside);
    if (!delta || !shown) return;
    // Where the nodes stand and which is selected belongs to this view of them.
    const data = new Map(shown.nodes.map((node) => [node.id, node.data]));
    const nodes = document.nodes.map((node) => ({ ...node, data: data.get(node.id) ?? node.data }));
    set((state) => ({
      document: { ...document, nodes },
      shelved: { ...shelved, document: next },
      history: record(history, delta),
      revision: state.revision + 1,
    }));
  },

  change: (step, options = {}) => {
    const { document, history, readOnly, shelved } = get();
    if ((readOnly && !options.server) || shelved) return;
    const next = step(document);
    const delta = diff(document, next, options.merge, Date.now());
    if (!delta) {
      if (next !== document) set({ document: next });
      return;
    }
    set((state) => ({
      document: next,
      history: options.server ? history : record(history, delta),
      revision: state.revision + 1,
    }));
  },

  undo: () => {
    const { document, history, readOnly } = get();
    const back = readOnly ? undefined : undo(document, history);
    if (back) set((state) => ({ ...back, revision: state.revision + 1 }));
  },

  redo: () => {
    const { document, history, readOnly } = get();
    const forth = readOnly ? undefined : redo(document, history);
    if (forth) set((state) => ({ ...forth, revision: state.revision + 1 }));
  },

  applyNodes: (changes) => {
    const { document, gesture, readOnly } = get();
    const kept = readOnly
      ? changes.filter((change) => change.type === "select" || change.type === "dimensions")
      : changes;
    if (kept.length === 0) return;
    const next = { ...document, nodes: applyNodeChanges(kept, document.nodes) };
    const starts = kept.some(isGoingOn);
    const ends = kept.some(isEnd);
    if (starts) {
      set({ document: next, gesture: gesture ?? document });
      return;
    }
    if (!ends) {
      set({ document: next });
      return;
    }
    const delta = diff(gesture ?? document, next, "move", Date.now());
    set((state) => ({
      document: next,
      gesture: undefined,
      ...(delta ? { history: record(state.history, delta), revision: state.revision + 1 } : {}),
    }));
  },

  applyEdges: (changes) => {
    const selects = changes.filter((change) => change.type === "select");
    if (selects.length > 0)
      set((state) => ({ document: { ...state.document, edges: applyEdgeChanges(selects, state.document.edges) } }));
  },

  select: (ids) => {
    const wanted = new Set(ids);
    set(({ document }) => ({
      document: {
        nodes: document.nodes.map((node) =>
          Boolean(node.selected) === wanted.has(node.id) ? node : { ...node, selected: wanted.has(node.id) },
        ),
        edges: document.edges.map((edge) => (edge.selected ? { ...edge, selected: false } : edge)),
      },
    }));
  },
}));

function isGoingOn(change: NodeChange<FlowNode>): boolean {
  return (
    (change.type === "position" && change.dragging === true) ||
    (change.type === "dimensions" && change.resizing === true)
  );
}

function isEnd(change: NodeChange<FlowNode>): boolean {
  if (change.type === "position") return change.dragging === false || change.dragging === undefined;
  return change.type === "dimensions" && change.resizing === false;
}

export function selectedNodes(document: FlowDocument): FlowNode[] {
  return document.nodes.filter((node) => node.selected);
}

/** The one selected node, if exactly one is. */
export function onlySelected(document: FlowDocument): FlowNode | undefined {
  const nodes = selectedNodes(document);
  return nodes.length === 1 ? nodes[0] : undefined;
}

/** Whether values of fields can be set: in the flow, and inside of its groups. */
export function canSetValues({ readOnly, shelved }: Pick<Editor, "readOnly" | "shelved">): boolean {
  return shelved?.inside ? !shelved.readOnly : !readOnly;
}
