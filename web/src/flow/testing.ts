/** Small documents for tests. */
import type { Flow } from "@/api/types";
import type { ComponentDef, FlowDocument, FlowNode, Output, TemplateField } from "./document";
import { group } from "./groups";
import { edgeField, edgeOutput, encodeHandle, sourceHandle, targetHandle } from "./handles";
import { connect } from "./ops";

export function output(name: string, types: string[], extra: Partial<Output> = {}): Output {
  return { name, display_name: name, types, selected: types[0] ?? null, ...extra };
}

export function field(extra: TemplateField = {}): TemplateField {
  return { type: "str", value: "", show: true, ...extra };
}

export function component(
  fields: Record<string, TemplateField>,
  outputs: Output[],
  extra: Partial<ComponentDef> = {},
): ComponentDef {
  return { display_name: "Thing", template: { _type: "Component", ...fields }, outputs, ...extra };
}

export function node(id: string, def: ComponentDef, x = 0, y = 0): FlowNode {
  return {
    id,
    type: "genericNode",
    position: { x, y },
    data: { id, type: id.split("-")[0] ?? id, node: { ...def, display_name: id } },
  };
}

/** The text handles of an edge between an output and a field. */
export function ends(document: FlowDocument, from: string, outputName: string, to: string, fieldName: string) {
  const source = document.nodes.find((candidate) => candidate.id === from);
  const target = document.nodes.find((candidate) => candidate.id === to);
  const given = source?.data.node.outputs?.find((candidate) => candidate.name === outputName);
  const taken = target?.data.node.template[fieldName];
  if (!source || !target || !given || typeof taken !== "object") throw new Error("no such ends");
  return {
    source: from,
    target: to,
    sourceHandle: encodeHandle(sourceHandle(source, given)),
    targetHandle: encodeHandle(targetHandle(target, fieldName, taken)),
  };
}

/** `a` gives a Message to `b`, which also takes tools. */
export function pair(): FlowDocument {
  const giver = component({ text: field() }, [output("out", ["Message"]), output("table", ["Table"])]);
  const taker = component(
    {
      input: field({ input_types: ["Message"] }),
      rows: field({ type: "other", input_types: ["DataFrame"] }),
      tools: field({ type: "other", input_types: ["Tool"], list: true }),
    },
    [output("answer", ["Message"])],
  );
  return { nodes: [node("A-1", giver), node("B-1", taker, 500)], edges: [] };
}

export function joined(): FlowDocument {
  const document = pair();
  return connect(document, ends(document, "A-1", "out", "B-1", "input"));
}

/** `S` → `A` → `B` → `E`; each gives a Message and takes one. */
export function chain(): FlowDocument {
  const def = component({ input: field({ input_types: ["Message"] }), extra: field({ value: "x" }) }, [
    output("out", ["Message"]),
  ]);
  const nodes = ["S-1", "A-1", "B-1", "E-1"].map((id, index) => node(id, def, index * 400));
  return [
    ["S-1", "A-1"],
    ["A-1", "B-1"],
    ["B-1", "E-1"],
  ].reduce((document, [from, to]) => connect(document, ends(document, from ?? "", "out", to ?? "", "input")), {
    nodes,
    edges: [],
  } as FlowDocument);
}

/** The edges by their ends, in order. */
export const shape = (document: FlowDocument) =>
  document.edges.map((edge) => `${edge.source}.${edgeOutput(edge)} > ${edge.target}.${edgeField(edge)}`).toSorted();

/** A flow with these of its components in a group. */
export function grouped(document = chain(), ids = ["A-1", "B-1"]) {
  const made = group(document, ids);
  if (!made.ok) throw new Error(made.reason);
  return made;
}

/** A flow as the server stores it. */
export function stored(id: string, data: FlowDocument | null = null): Flow {
  return {
    id,
    name: "Flow",
    description: null,
    folder_id: null,
    endpoint_name: null,
    is_component: false,
    tags: null,
    access_type: "PRIVATE",
    mcp_enabled: false,
    data,
    icon: null,
    gradient: null,
    locked: false,
  };
}
