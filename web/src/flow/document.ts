/**
 * The flow as it is saved: nodes, edges, viewport. Keys that the editor does not know are carried
 * along untouched, because other versions and other tools write them.
 */

export type Position = { x: number; y: number };
export type Viewport = { x: number; y: number; zoom: number };

/** One entry of a node's template: an input of the component with its value. */
export type TemplateField = {
  name?: string;
  display_name?: string;
  type?: string;
  _input_type?: string;
  value?: unknown;
  info?: string;
  placeholder?: string;
  show?: boolean;
  required?: boolean;
  advanced?: boolean;
  list?: boolean;
  is_list?: boolean;
  input_types?: string[] | null;
  load_from_db?: boolean;
  password?: boolean;
  multiline?: boolean;
  tool_mode?: boolean;
  combobox?: boolean;
  options?: unknown[];
  real_time_refresh?: boolean;
  refresh_button?: boolean;
  fileTypes?: string[];
  file_types?: string[];
  file_path?: string | string[];
  range_spec?: { min?: number; max?: number; step?: number; step_type?: string } | null;
  table_schema?: unknown;
  min_label?: string;
  max_label?: string;
  model_type?: string;
  limit?: number;
  [key: string]: unknown;
};

export type Output = {
  name: string;
  display_name?: string;
  types: string[];
  selected?: string | null;
  hidden?: boolean | null;
  group_outputs?: boolean;
  allows_loop?: boolean;
  loop_types?: string[] | null;
  tool_mode?: boolean;
  [key: string]: unknown;
};

/** A component as the catalogue gives it, with the user's values in `template`. */
export type ComponentDef = {
  display_name?: string;
  description?: string;
  documentation?: string;
  icon?: string | null;
  template: { [name: string]: TemplateField | string };
  outputs?: Output[];
  field_order?: string[];
  base_classes?: string[];
  custom_fields?: Record<string, unknown>;
  beta?: boolean;
  legacy?: boolean;
  frozen?: boolean;
  minimized?: boolean;
  tool_mode?: boolean;
  edited?: boolean;
  replacement?: string[] | null;
  metadata?: Record<string, unknown>;
  [key: string]: unknown;
};

export type NodeData = {
  id: string;
  type: string;
  node: ComponentDef;
  showNode?: boolean;
  selected_output?: string;
  [key: string]: unknown;
};

export type FlowNode = {
  id: string;
  type?: string;
  position: Position;
  data: NodeData;
  selected?: boolean;
  dragging?: boolean;
  width?: number;
  height?: number;
  measured?: { width?: number; height?: number };
  [key: string]: unknown;
};

export type FlowEdge = {
  id: string;
  source: string;
  target: string;
  sourceHandle?: string | null;
  targetHandle?: string | null;
  data?: { [key: string]: unknown };
  selected?: boolean;
  animated?: boolean;
  [key: string]: unknown;
};

/** What the server stores under `data`. */
export type Graph = { nodes: FlowNode[]; edges: FlowEdge[]; viewport?: Viewport; [key: string]: unknown };

/** The open document. */
export type FlowDocument = { nodes: FlowNode[]; edges: FlowEdge[] };

export const NOTE = "noteNode";

export function isNote(node: FlowNode): boolean {
  return node.type === NOTE;
}

/** Fields of a template without the entries that are not fields (`_type`). */
export function fieldsOf(def: ComponentDef): [string, TemplateField][] {
  const fields: [string, TemplateField][] = [];
  for (const [name, field] of Object.entries(def.template)) {
    if (typeof field === "object" && field !== null && !name.startsWith("_")) fields.push([name, field]);
  }
  const order = new Map((def.field_order ?? []).map((name, index) => [name, index]));
  const rank = (name: string) => order.get(name) ?? order.size;
  return fields.sort(([a], [b]) => rank(a) - rank(b));
}

export function fieldOf(def: ComponentDef, name: string): TemplateField | undefined {
  const field = def.template[name];
  return typeof field === "object" && field !== null ? field : undefined;
}

/** Reads a stored or dropped graph; broken nodes and edges are left out and counted. */
export function readGraph(data: unknown): { document: FlowDocument; viewport: Viewport | undefined; dropped: number } {
  const graph = isObject(data) ? data : {};
  const nodes = Array.isArray(graph.nodes) ? graph.nodes : [];
  const edges = Array.isArray(graph.edges) ? graph.edges : [];
  const goodNodes: FlowNode[] = [];
  for (const node of nodes) {
    const good = readNode(node);
    if (good) goodNodes.push(good);
  }
  const ids = new Set(goodNodes.map((node) => node.id));
  const goodEdges = edges.filter(
    (edge): edge is FlowEdge => isEdge(edge) && ids.has(edge.source) && ids.has(edge.target),
  );
  return {
    document: { nodes: goodNodes, edges: goodEdges },
    viewport: isViewport(graph.viewport) ? graph.viewport : undefined,
    dropped: nodes.length - goodNodes.length + edges.length - goodEdges.length,
  };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isViewport(value: unknown): value is Viewport {
  return isObject(value) && [value.x, value.y, value.zoom].every((n) => typeof n === "number" && Number.isFinite(n));
}

function isEdge(value: unknown): value is FlowEdge {
  return (
    isObject(value) &&
    typeof value.id === "string" &&
    typeof value.source === "string" &&
    typeof value.target === "string"
  );
}

function readNode(value: unknown): FlowNode | undefined {
  if (!isObject(value) || typeof value.id !== "string" || !isObject(value.data)) return undefined;
  const def = isObject(value.data.node) ? value.data.node : undefined;
  if (!def) return undefined;
  const position = isObject(value.position) ? value.position : {};
  const kind = typeof value.type === "string" ? value.type : "genericNode";
  const data: NodeData = {
    ...value.data,
    id: value.id,
    type: typeof value.data.type === "string" ? value.data.type : kind === NOTE ? "note" : "",
    node: { ...def, ...soundParts(def), template: isTemplate(def.template) ? def.template : {} },
  };
  return {
    ...value,
    id: value.id,
    type: kind,
    position: { x: finite(position.x), y: finite(position.y) },
    data,
  };
}

/** Parts of a definition that are not what they must be, replaced by what can be drawn. */
function soundParts(def: Record<string, unknown>): Partial<ComponentDef> {
  const parts: Partial<ComponentDef> = {};
  if (def.field_order !== undefined && !isTexts(def.field_order)) parts.field_order = [];
  if (def.outputs !== undefined && !isOutputs(def.outputs))
    parts.outputs = Array.isArray(def.outputs) ? def.outputs.filter(isOutput) : [];
  for (const name of ["display_name", "description", "documentation", "icon"] as const) {
    const text = def[name];
    if (text !== undefined && text !== null && typeof text !== "string") parts[name] = JSON.stringify(text);
  }
  return parts;
}

const isTexts = (value: unknown) => Array.isArray(value) && value.every((item) => typeof item === "string");
const isOutputs = (value: unknown) => Array.isArray(value) && value.every(isOutput);

function isOutput(value: unknown): value is Output {
  return isObject(value) && typeof value.name === "string" && isTexts(value.types);
}

function isTemplate(value: unknown): value is ComponentDef["template"] {
  return isObject(value);
}

function finite(value: unknown): number {
  return typeof value === "number" && Number.isFinite(value) ? value : 0;
}

/** A node as it is stored: without what only this screen knows. */
export function writeNode({ dragging: _d, resizing: _r, ...node }: FlowNode): FlowNode {
  return { ...node, selected: false };
}

export function writeEdge(edge: FlowEdge): FlowEdge {
  return { ...edge, selected: false, animated: false };
}

/** The graph to store. */
export function writeGraph(document: FlowDocument, viewport: Viewport): Graph {
  return { nodes: document.nodes.map(writeNode), edges: document.edges.map(writeEdge), viewport };
}
