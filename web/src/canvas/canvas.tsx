import "@xyflow/react/dist/base.css";
import {
  Background,
  BackgroundVariant,
  type Connection,
  type FinalConnectionState,
  MiniMap,
  type NodeTypes,
  ReactFlow,
  type ReactFlowInstance,
  SelectionMode,
  useStore,
} from "@xyflow/react";
import { type DragEvent, type MouseEvent, useCallback, useMemo } from "react";
import type { FlowEdge, FlowNode, Position, Viewport } from "@/flow/document";
import { isGroup } from "@/flow/groups";
import { acceptedTypes, decodeHandle, isSource, typeColour } from "@/flow/handles";
import { connect } from "@/flow/ops";
import { checkConnection, type Ends } from "@/flow/validate";
import { useEditor } from "@/stores/editor";
import { toast } from "@/stores/toast";
import { useView, view } from "@/stores/view";
import { cn } from "@/util/cn";
import { useCanvasActions } from "./canvas-actions";
import { FAR, FARTHER, MANY } from "./detail";
import { edgeUnder, markEdge, putOnEdge, unmarkEdge } from "./edge-under";
import { GenericNode } from "./generic-node";
import { useKeepInView } from "./keep-in-view";
import { t } from "./messages";
import { NoteNode } from "./note-node";
import { SelectionBar } from "./selection-bar";
import { viewOfAll } from "./size";

const nodeTypes: NodeTypes = { genericNode: GenericNode, noteNode: NoteNode };
const fitOptions = { maxZoom: 1, padding: 0.15 };
const multiSelectKeys = ["Meta", "Control", "Shift"];
const proOptions = { hideAttribution: true };
const snap: [number, number] = [8, 8];

/** Pixels of canvas from which on the map does not lie over the controls. */
const MAP_FROM_WIDTH = 900;
const SIDEBAR_WIDTH = 256;
const HEADER_HEIGHT = 48;

export interface CanvasProps {
  /** A component, note or file was dropped. */
  onDrop: (data: DataTransfer, at: Position, edgeId: string | undefined) => void;
}

export function Canvas({ onDrop }: CanvasProps) {
  const nodes = useEditor((state) => state.document.nodes);
  const edges = useEditor((state) => state.document.edges);
  const applyNodes = useEditor((state) => state.applyNodes);
  const applyEdges = useEditor((state) => state.applyEdges);
  const change = useEditor((state) => state.change);
  const readOnly = useEditor((state) => state.readOnly);
  const minimap = useView((state) => state.minimap);
  const flowId = useEditor((state) => state.meta?.id);
  // biome-ignore lint/correctness/useExhaustiveDependencies: where the view starts, once for each flow
  const viewport = useMemo(() => {
    const aside = useView.getState().sidebar ? SIDEBAR_WIDTH : 0;
    return viewOfAll(useEditor.getState().document.nodes, innerWidth - aside, innerHeight - HEADER_HEIGHT);
  }, [flowId]);
  const isWide = useStore((state) => state.width > MAP_FROM_WIDTH);
  const isFar = useStore((state) => state.transform[2] < FAR);
  const isFarther = useStore((state) => state.transform[2] < FARTHER);
  useKeepInView();
  const live = useEditor((state) => (state.run.phase === "running" ? runningKey(state.run.nodes) : ""));

  const dropEdge = useView((state) => state.dropEdge);

  const drawn = useMemo(() => {
    if (live === "" && !dropEdge) return edges.map(coloured);
    const running = new Set(live.split("|"));
    return edges.map(coloured).map((edge) => {
      if (edge.id === dropEdge?.id) return { ...edge, className: dropEdge.fits ? "is-drop-target" : "is-drop-refused" };
      return running.has(edge.target) ? { ...edge, className: "is-live" } : edge;
    });
  }, [edges, live, dropEdge]);

  const onConnect = useCallback((ends: Connection) => change((document) => connect(document, ends)), [change]);
  const isValid = useCallback((ends: Ends) => checkConnection(useEditor.getState().document, ends).ok, []);

  const onConnectEnd = useCallback((event: globalThis.MouseEvent | TouchEvent, state: FinalConnectionState) => {
    const from = state.fromHandle;
    if (!from?.id || !state.fromNode || state.isValid) return;
    const point = "changedTouches" in event ? event.changedTouches[0] : event;
    if (state.toHandle?.id) {
      explain(state);
      return;
    }
    const instance = view().instance;
    const handle = decodeHandle(from.id);
    if (!instance || !handle || !point) return;
    const dropped = event.target instanceof Element && event.target.closest(".react-flow__node");
    if (dropped) return;
    const screen = { x: point.clientX, y: point.clientY };
    const wants = from.type === "source" ? "target" : "source";
    const types = from.type === "source" && isSource(handle) ? handle.output_types : acceptedTypes(handle);
    view().set({
      picker: {
        screen,
        flow: instance.screenToFlowPosition(screen),
        nodeId: state.fromNode.id,
        handle: from.id,
        filter: { types, wants },
      },
    });
  }, []);

  const { runCommand } = useCanvasActions();
  /** A double click on a group opens it; in its fields it selects words. */
  const lookInto = useCallback(
    (event: MouseEvent, node: FlowNode) => {
      const isField = event.target instanceof Element && event.target.closest(".nodrag");
      if (!isField && isGroup(node)) runCommand("lookInside");
    },
    [runCommand],
  );

  const drop = (event: DragEvent) => {
    const instance = view().instance;
    if (!instance || readOnly) return;
    event.preventDefault();
    unmarkEdge();
    const at = instance.screenToFlowPosition({ x: event.clientX, y: event.clientY });
    onDrop(event.dataTransfer, at, edgeUnder(event.clientX, event.clientY));
  };

  return (
    <ReactFlow<FlowNode, FlowEdge>
      data-testid="rf__wrapper"
      aria-label={t.canvasOfTheFlow}
      className={cn(isFar && "is-far", isFarther && "is-farther")}
      nodes={nodes}
      edges={drawn}
      nodeTypes={nodeTypes}
      defaultViewport={viewport}
      fitView={nodes.length > 0 && nodes.length <= MANY}
      fitViewOptions={fitOptions}
      minZoom={0.05}
      maxZoom={2}
      snapToGrid
      snapGrid={snap}
      selectionMode={SelectionMode.Partial}
      onlyRenderVisibleElements={nodes.length > MANY}
      nodesConnectable={!readOnly}
      nodesDraggable={!readOnly}
      deleteKeyCode={null}
      panActivationKeyCode={null}
      zoomOnDoubleClick={false}
      multiSelectionKeyCode={multiSelectKeys}
      disableKeyboardA11y={false}
      proOptions={proOptions}
      onInit={keepInstance}
      onNodesChange={applyNodes}
      onEdgesChange={applyEdges}
      onConnect={onConnect}
      isValidConnection={isValid}
      onConnectEnd={onConnectEnd}
      onMoveEnd={keepViewport}
      onNodeDoubleClick={lookInto}
      onNodeContextMenu={openNodeMenu}
      onEdgeContextMenu={openEdgeMenu}
      onPaneContextMenu={openPaneMenu}
      onPaneClick={closeMenus}
      onNodeDrag={markUnderNode}
      onNodeDragStop={dropOnEdge}
      onDragOver={dragOver}
      onDragLeave={unmarkEdge}
      onDrop={drop}
    >
      <Background variant={BackgroundVariant.Dots} gap={24} size={1.2} data-testid="rf__background" />
      <SelectionBar />
      {minimap && isWide && !isFar && nodes.length > 0 ? (
        <MiniMap
          pannable
          zoomable
          ariaLabel={t.mapOfTheFlow}
          nodeBorderRadius={24}
          className="!hidden rounded-xl border border-line shadow-card md:!block"
        />
      ) : null}
    </ReactFlow>
  );
}

const colouredEdges = new WeakMap<FlowEdge, FlowEdge>();

/** The edge in the colour of what goes through it. The same object as long as the edge is the same. */
function coloured(edge: FlowEdge): FlowEdge {
  const known = colouredEdges.get(edge);
  if (known) return known;
  const from = edge.sourceHandle ? decodeHandle(edge.sourceHandle) : undefined;
  const drawn = from && isSource(from) ? { ...edge, style: { "--edge-colour": typeColour(from.output_types) } } : edge;
  colouredEdges.set(edge, drawn);
  return drawn;
}

// Handlers that never change: a new one in each render would draw every node anew with each step of a drag.
const keepInstance = (instance: ReactFlowInstance<FlowNode, FlowEdge>) => view().set({ instance });
const keepViewport = (_: unknown, viewport: Viewport) => {
  // Where one looks at something else is no place in the flow.
  if (!useEditor.getState().shelved) useEditor.setState({ viewport });
};
const openMenu = (event: MouseEvent | globalThis.MouseEvent, target: { nodeId?: string; edgeId?: string }) => {
  event.preventDefault();
  view().set({ menu: { screen: { x: event.clientX, y: event.clientY }, ...target } });
};
const openNodeMenu = (event: MouseEvent, node: FlowNode) => {
  // Before the menu asks what can be done with it.
  if (!node.selected) useEditor.getState().select([node.id]);
  openMenu(event, { nodeId: node.id });
};
const openEdgeMenu = (event: MouseEvent, edge: FlowEdge) => openMenu(event, { edgeId: edge.id });
const openPaneMenu = (event: MouseEvent | globalThis.MouseEvent) => openMenu(event, {});
const isFree = (id: string) => {
  const { edges } = useEditor.getState().document;
  return !edges.some((edge) => edge.source === id || edge.target === id);
};
const markUnderNode = (event: MouseEvent | globalThis.MouseEvent | TouchEvent, node: FlowNode, moved: FlowNode[]) => {
  if ("clientX" in event && moved.length === 1 && isFree(node.id))
    markEdge(event.clientX, event.clientY, node.data.node);
};
/** A node without edges that is let go on an edge goes between its ends. */
const dropOnEdge = (event: MouseEvent | globalThis.MouseEvent | TouchEvent, node: FlowNode, moved: FlowNode[]) => {
  unmarkEdge();
  if (!("clientX" in event) || moved.length !== 1 || !isFree(node.id)) return;
  const edgeId = edgeUnder(event.clientX, event.clientY);
  if (edgeId) putOnEdge(edgeId, node.id);
};
const closeMenus = () => view().set({ picker: undefined, menu: undefined });
const dragOver = (event: DragEvent) => {
  event.preventDefault();
  const { dragged } = view();
  if (dragged) markEdge(event.clientX, event.clientY, dragged);
};

function runningKey(nodes: Record<string, { status: string }>): string {
  return Object.entries(nodes)
    .filter(([, run]) => run.status === "running")
    .map(([id]) => id)
    .join("|");
}

/** Says why two handles do not fit. */
function explain({ fromHandle, fromNode, toHandle, toNode }: FinalConnectionState) {
  if (!fromHandle || !fromNode || !toHandle || !toNode) return;
  const forth = fromHandle.type === "source";
  const [source, target] = forth ? [fromHandle, toHandle] : [toHandle, fromHandle];
  const verdict = checkConnection(useEditor.getState().document, {
    source: source.nodeId,
    target: target.nodeId,
    sourceHandle: source.id ?? null,
    targetHandle: target.id ?? null,
  });
  if (!verdict.ok) toast.info(verdict.reason);
}
