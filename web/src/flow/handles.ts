/**
 * Handles: the ends of edges. On the wire a handle is the JSON text of an object, keys sorted, with
 * every quote written as `œ`. Two handles are compared decoded, never as text.
 */
import type { ComponentDef, FlowEdge, FlowNode, Output, TemplateField } from "./document";

export type SourceHandle = { dataType: string; id: string; name: string; output_types: string[] };
export type TargetHandle = {
  fieldName: string;
  id: string;
  inputTypes: string[] | null;
  type: string;
  /** On a group: the field inside that is meant. */
  proxy?: { field: string; id: string };
};
export type AnyHandle = SourceHandle | TargetHandle;

export function isSource(handle: AnyHandle): handle is SourceHandle {
  return "output_types" in handle;
}

export function encodeHandle(handle: AnyHandle): string {
  const sorted = Object.fromEntries(Object.entries(handle).sort(([a], [b]) => (a < b ? -1 : 1)));
  return JSON.stringify(sorted).replaceAll('"', "œ");
}

export function decodeHandle(text: string | null | undefined): AnyHandle | undefined {
  if (!text) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text.replaceAll("œ", '"'));
  } catch {
    return undefined;
  }
  if (typeof value !== "object" || value === null || !("id" in value) || typeof value.id !== "string") return undefined;
  const types = (list: unknown) => (Array.isArray(list) ? list.filter((type) => typeof type === "string") : []);
  if ("fieldName" in value && typeof value.fieldName === "string") {
    const inputTypes = "inputTypes" in value && Array.isArray(value.inputTypes) ? types(value.inputTypes) : null;
    const type = "type" in value && typeof value.type === "string" ? value.type : "";
    return { ...value, fieldName: value.fieldName, id: value.id, inputTypes, type };
  }
  if ("name" in value && typeof value.name === "string") {
    const dataType = "dataType" in value && typeof value.dataType === "string" ? value.dataType : "";
    const output_types = "output_types" in value ? types(value.output_types) : [];
    return { ...value, dataType, id: value.id, name: value.name, output_types };
  }
  return undefined;
}

/** Names that mean the same type. */
const aliases: Record<string, string> = { Data: "JSON", DataFrame: "Table", Text: "Message", str: "Message" };

export function sameType(name: string): string {
  return aliases[name] ?? name;
}

/** Whether one of the given types is accepted. */
export function typesMeet(given: string[], accepted: string[]): boolean {
  const wanted = new Set(accepted.map(sameType));
  return wanted.has("Any") || given.some((type) => wanted.has(sameType(type)) || type === "Any");
}

export function outputTypes(output: Output): string[] {
  return output.selected ? [output.selected] : output.types;
}

export function sourceHandle(node: FlowNode, output: Output): SourceHandle {
  return { dataType: node.data.type, id: node.id, name: output.name, output_types: outputTypes(output) };
}

export function targetHandle(node: FlowNode, name: string, field: TemplateField): TargetHandle {
  const handle = { fieldName: name, id: node.id, inputTypes: field.input_types ?? null, type: field.type ?? "" };
  const { proxy } = field;
  if (typeof proxy !== "object" || proxy === null || !("id" in proxy) || !("field" in proxy)) return handle;
  return { ...handle, proxy: { field: String(proxy.field), id: String(proxy.id) } };
}

/** The feedback end of a loop: looks like an output, and edges may end there. */
export function loopHandle(node: FlowNode, output: Output): SourceHandle {
  const output_types = [...new Set([...outputTypes(output), ...(output.loop_types ?? [])])];
  return { dataType: node.data.type, id: node.id, name: output.name, output_types };
}

/** What an edge end accepts. */
export function acceptedTypes(handle: AnyHandle): string[] {
  if (isSource(handle)) return handle.output_types;
  const listed = handle.inputTypes ?? [];
  return listed.length > 0 ? listed : [handle.type];
}

/** Whether the field can be fed by an edge. */
export function takesEdge(field: TemplateField): boolean {
  return (field.input_types?.length ?? 0) > 0;
}

/** The field (or loop output) an edge ends in. */
export function edgeField(edge: FlowEdge): string | undefined {
  const handle = decodeHandle(edge.targetHandle) ?? undefined;
  if (!handle) return undefined;
  return isSource(handle) ? handle.name : handle.fieldName;
}

export function edgeOutput(edge: FlowEdge): string | undefined {
  const handle = decodeHandle(edge.sourceHandle);
  return handle && isSource(handle) ? handle.name : undefined;
}

/** Outputs with a handle of their own; the rest hide in a drop-down of the node. */
export function visibleOutputs(
  def: ComponentDef,
  selected: string | undefined,
  used: ReadonlySet<string>,
): { shown: Output[]; choices: Output[] } {
  const outputs = (def.outputs ?? []).filter((output) => !output.hidden);
  const grouped = outputs.filter((output) => output.group_outputs || output.allows_loop);
  const choices = outputs.filter((output) => !output.group_outputs && !output.allows_loop);
  if (grouped.length > 0 || choices.length < 2) return { shown: outputs, choices: [] };
  const picked =
    choices.find((output) => output.name === selected) ?? choices.find((o) => used.has(o.name)) ?? choices[0];
  const shown = choices.filter((output) => output === picked || used.has(output.name));
  return { shown, choices };
}

/** Colours of types: known by people, so they stay. */
const colours: Record<string, string> = {
  Message: "#4f46e5",
  JSON: "#dc2626",
  Table: "#ec4899",
  Tool: "#0891b2",
  LanguageModel: "#c026d3",
  Embeddings: "#10b981",
  Prompt: "#7c3aed",
  Document: "#65a30d",
  int: "#7e22ce",
  float: "#7e22ce",
  Agent: "#903bbe",
  AgentExecutor: "#903bbe",
  Memory: "#f59e0b",
  VectorStore: "#aa8742",
  Retriever: "#e6b25a",
};

export function typeColour(types: string[]): string {
  const first = types[0];
  return (first !== undefined && colours[sameType(first)]) || "#8b8f9a";
}
