/** The one open document, its history, and what runs in it. */
import { applyEdgeChanges, applyNodeChanges, type EdgeChange, type NodeChange } from "@xyflow/react";
import { create } from "zustand";
import type { Flow } from "@/api/types";
import { type FlowDocument, type FlowEdge, type FlowNode, readGraph, type Viewport } from "@/flow/document";
import { amend, diff, emptyHistory, type History, record, redo, sameEdge, undo } from "@/flow/history";
import { lookInside } from "@/flow/inside";
import { canonical, nodeById } from "@/flow/ops";
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
  /** A change of the server: saved, but no step of its own; it goes with the step that it answers. */
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
  /** Changes what is on the canvas; nothing of what is only looked at. */
  change: (step: (document: FlowDocument) => FlowDocument, options?: ChangeOptions) => void;
  /** Changes the flow, also while the inside of one of its groups is on the canvas. */
  changeFlow: (step: (flow: FlowDocument) => FlowDocument, options?: ChangeOptions) => void;
  /** Takes the last step back, also inside of a group. Answers whether that shows on the canvas. */
  undo: () => boolean;
  redo: () => boolean;
  applyNodes: (changes: NodeChange<FlowNode>[]) => void;
  applyEdges: (changes: EdgeChange<FlowEdge>[]) => void;
  select: (ids: readonly string[]) => void;
  /** Changes what the run of the flow shows, also while an older version is on the canvas. */
  changeRun: (step: (run: RunState) => RunState) => void;
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
      shelved: shelved
        ? { ...shelved, run: runOfFlow({ run, shelved }), title, inside }
        : { document, readOnly, run, title, inside },
      document: version,
      readOnly: true,
      run: shown,
      gesture: undefined,
    })),

  endPreview: () =>
    set(({ run, shelved }) =>
      shelved
        ? {
            document: shelved.document,
            readOnly: shelved.readOnly,
            run: runOfFlow({ run, shelved }),
            shelved: undefined,
          }
        : {},
    ),

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
      history: options.server ? amend(history, delta) : record(history, delta),
      revision: state.revision + 1,
    }));
  },

  changeFlow: (step, options = {}) => {
    const { shelved, history } = get();
    if (!shelved) return get().change(step, options);
    if (!options.server && !canSetValues(get())) return;
    const next = step(shelved.document);
    const delta = diff(shelved.document, next, options.merge, Date.now());
    if (!delta) return;
    set((state) => ({
      ...withFlow(state, next),
      history: options.server ? amend(history, delta) : record(history, delta),
      revision: state.revision + 1,
    }));
  },

  undo: () => stepBy(undo),
  redo: () => stepBy(redo),

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

  changeRun: (step) =>
    set(({ run, shelved }) =>
      shelved && !shelved.inside ? { shelved: { ...shelved, run: step(shelved.run) } } : { run: step(run) },
    ),

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

function stepBy(step: typeof undo): boolean {
  const before = useEditor.getState();
  const made = canSetValues(before) ? step(flowOf(before), before.history) : undefined;
  if (!made) return false;
  useEditor.setState({
    ...withFlow(before, made.document),
    history: made.history,
    revision: before.revision + 1,
  });
  return useEditor.getState().document !== before.document;
}

/** The flow itself, also while something else is on the canvas. */
export function flowOf({ document, shelved }: Pick<Editor, "document" | "shelved">): FlowDocument {
  return shelved?.document ?? document;
}

/** The run of the flow: the one that is shown, but for an older version, which has none. */
export function runOfFlow({ run, shelved }: Pick<Editor, "run" | "shelved">): RunState {
  return shelved && !shelved.inside ? shelved.run : run;
}

/** The editor with another flow; the inside of a group that is on the canvas follows. */
function withFlow(state: Editor, flow: FlowDocument): Partial<Editor> {
  const { document, shelved } = state;
  if (!shelved) return { document: flow };
  const next = { ...shelved, document: flow };
  const outermost = shelved.inside?.[0];
  if (!shelved.inside || outermost === undefined) return { shelved: next };
  if (nodeById(flow, outermost)?.data === nodeById(shelved.document, outermost)?.data) return { shelved: next };
  const inside = lookInside(flow, shelved.inside);
  // The group itself is gone: what is left to show is the flow.
  if (!inside) return { document: flow, readOnly: shelved.readOnly, run: runOfFlow(state), shelved: undefined };
  return { document: asShown(inside, document), shelved: next };
}

/** Where nodes stand and what is selected belongs to the view of them. */
function asShown(next: FlowDocument, shown: FlowDocument): FlowDocument {
  const nodes = new Map(shown.nodes.map((node) => [node.id, node]));
  const edges = new Map(shown.edges.map((edge) => [edge.id, edge]));
  return {
    nodes: next.nodes.map((node) => ({ ...node, ...nodes.get(node.id), data: node.data })),
    edges: next.edges.map((edge) => {
      const was = edges.get(edge.id);
      return was && sameEdge(was, edge) ? was : edge;
    }),
  };
}

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
