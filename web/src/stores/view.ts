/** What the editor's page shows: panels, dialogs, filters. Nothing of it is saved with the flow. */
import type { ReactFlowInstance } from "@xyflow/react";
import { create } from "zustand";
import type { FlowVersion } from "@/api/types";
import type { ComponentDef, FlowEdge, FlowNode, Position } from "@/flow/document";

export type EditorDialog = "api" | "details" | "versions" | "traces" | "conflict" | "export" | "mcp" | "embed";
export type InspectorTab = "settings" | "output" | "logs" | "code";

/** Only components that fit a handle: those that give, or those that take, one of these types. */
export interface TypeFilter {
  types: string[];
  wants: "source" | "target";
  /** The handle that asked: what is added now is joined to it. */
  from?: { nodeId: string; handle: string };
}

export interface MenuAt {
  screen: Position;
  nodeId?: string;
  edgeId?: string;
}

/** An edge was dropped on the empty canvas: choose what to put there. */
export interface Picker {
  screen: Position;
  flow: Position;
  nodeId: string;
  handle: string;
  filter: TypeFilter;
}

interface View {
  sidebar: boolean;
  inspector: boolean;
  inspectorTab: InspectorTab;
  playground: boolean;
  commands: boolean;
  minimap: boolean;
  filter: TypeFilter | undefined;
  dialog: EditorDialog | undefined;
  menu: MenuAt | undefined;
  picker: Picker | undefined;
  /** The version on the canvas that is only looked at. */
  previewed: FlowVersion | undefined;
  /** The edge under what is being dragged, and whether it would go in there. */
  dropEdge: { id: string; fits: boolean } | undefined;
  /** The component that is being dragged out of the palette. */
  dragged: ComponentDef | undefined;
  /** Nodes whose definition is being worked out by the server. */
  updating: Record<string, true>;
  instance: ReactFlowInstance<FlowNode, FlowEdge> | undefined;
  set: (change: Partial<Omit<View, "set">>) => void;
}

const isWide = typeof innerWidth === "number" && innerWidth >= 900;

export const useView = create<View>((set) => ({
  sidebar: isWide,
  inspector: false,
  inspectorTab: "settings",
  playground: false,
  commands: false,
  minimap: isWide,
  filter: undefined,
  dialog: undefined,
  menu: undefined,
  picker: undefined,
  previewed: undefined,
  dropEdge: undefined,
  dragged: undefined,
  updating: {},
  instance: undefined,
  set: (change) => set(change),
}));

export const view = () => useView.getState();
