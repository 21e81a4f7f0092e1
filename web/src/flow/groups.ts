/**
 * Groups: several components as one node. The node holds the graph it stands for under `flow`; each of its fields
 * and outputs names the one inside that it stands for (`proxy`).
 */

import { asText, isRecord } from "@/util/json";
import { paste } from "./clipboard";
import {
  type FlowDocument,
  type FlowEdge,
  type FlowNode,
  fieldsOf,
  isNote,
  type Output,
  readGraph,
  type TemplateField,
} from "./document";
import { decodeHandle, edgeField, edgeOutput, encodeHandle, isSource, sourceHandle, targetHandle } from "./handles";
import { newNodeId } from "./ids";
import { t } from "./messages";
import { canonical, connect, nodeById, removeItems } from "./ops";
import { nameOf } from "./validate";

export const GROUP = "GroupNode";

/** Where a conversation begins and ends is looked for on the canvas, not inside a group. */
const outside = new Set(["ChatInput", "ChatOutput", "Webhook"]);

export function isGroup(node: FlowNode): boolean {
  return isRecord(node.data.node.flow);
}

/** The graph inside a group. */
export function insideOf(node: FlowNode): FlowDocument {
  const flow = node.data.node.flow;
  return readGraph(isRecord(flow) ? flow.data : undefined).document;
}

/** The component inside where a run to this group ends, or a run from it starts; the node itself if it is no group. */
export function edgeOfGroup(document: FlowDocument, id: string, end: "first" | "last"): string {
  const node = nodeById(document, id);
  if (!node || !isGroup(node)) return id;
  const inside = insideOf(node);
  const inner = new Set(inside.edges.map((edge) => (end === "last" ? edge.source : edge.target)));
  const child = inside.nodes.find((candidate) => !inner.has(candidate.id)) ?? inside.nodes[0];
  return child ? edgeOfGroup(inside, child.id, end) : id;
}

/** The ids of all components inside, also those of groups in it. */
export function childIds(node: FlowNode): string[] {
  return insideOf(node).nodes.flatMap((child) => (isGroup(child) ? [child.id, ...childIds(child)] : [child.id]));
}

export type Grouped = { ok: true; document: FlowDocument; id: string } | { ok: false; reason: string };

const fieldKey = (childId: string, name: string) => `${name}_${childId}`;
const outputKey = (childId: string, name: string) => `${childId}_${name}`;

/** The field that this field of a component stands for: its own, or one deeper inside where it is a group. */
function meantField(child: FlowNode, name: string, field: TemplateField): Record<string, unknown> {
  return isRecord(field.proxy) ? field.proxy : { field: name, id: child.id };
}

function meantOutput(child: FlowNode, output: Output): Record<string, unknown> {
  return isRecord(output.proxy) ? output.proxy : { id: child.id, name: output.name };
}

/** Whether a group can stand for this field: code stays the component's own. */
export function isOpenField(name: string, field: TemplateField | undefined): field is TemplateField {
  return field !== undefined && name !== "code" && field.show !== false;
}

/** A field of a component as its group has it, under the name it has there. */
export function openField(child: FlowNode, name: string, field: TemplateField): [name: string, field: TemplateField] {
  const key = fieldKey(child.id, name);
  const display_name = `${field.display_name ?? name} · ${nameOf(child)}`;
  return [key, { ...field, name: key, display_name, proxy: meantField(child, name, field) }];
}

/** An output of a component as its group has it. */
export function openOutput(child: FlowNode, output: Output): Output {
  return {
    ...output,
    name: outputKey(child.id, output.name),
    display_name: `${output.display_name ?? output.name} · ${nameOf(child)}`,
    proxy: meantOutput(child, output),
    group_outputs: true,
  };
}

/** Whether this output of a group stands for that output of a component inside. */
export function isOutputOf(outer: Output, child: FlowNode, output: Output): boolean {
  if (!isRecord(outer.proxy)) return outputKey(child.id, output.name) === outer.name;
  const meant = meantOutput(child, output);
  return meant.id === outer.proxy.id && meant.name === outer.proxy.name;
}

/** The ends inside that edges inside use: `<id> <field>`, `<id> <output>`. */
export function usedInside(edges: readonly FlowEdge[]): { fed: Set<string>; used: Set<string> } {
  return {
    fed: new Set(edges.map((edge) => `${edge.target} ${edgeField(edge)}`)),
    used: new Set(edges.map((edge) => `${edge.source} ${edgeOutput(edge)}`)),
  };
}

/** Makes one node of several. Edges from and to the rest of the flow stay. */
export function group(document: FlowDocument, ids: readonly string[], random?: () => number): Grouped {
  const wanted = new Set(ids);
  const children = document.nodes.filter((node) => wanted.has(node.id) && !isNote(node));
  if (children.length < 2) return { ok: false, reason: t.selectTwoOrMoreComponents };
  const refused = children.find((node) => outside.has(node.data.type));
  if (refused) return { ok: false, reason: t.staysOutsideOfGroupsThe(nameOf(refused)) };
  const inner = new Set(children.map((node) => node.id));
  const within = document.edges.filter((edge) => inner.has(edge.source) && inner.has(edge.target));
  const crossing = document.edges.filter((edge) => inner.has(edge.source) !== inner.has(edge.target));
  if (crossing.some(isFeedback)) return { ok: false, reason: t.aLoopAndWhatRuns };

  const template: Record<string, TemplateField | string> = {};
  const outputs: Output[] = [];
  const { fed, used } = usedInside(within);
  const leaving = new Set(crossing.map((edge) => `${edge.source} ${edgeOutput(edge)}`));
  for (const child of children) {
    for (const [name, field] of fieldsOf(child.data.node)) {
      if (!isOpenField(name, field) || fed.has(`${child.id} ${name}`)) continue;
      const [key, open] = openField(child, name, field);
      template[key] = open;
    }
    for (const output of child.data.node.outputs ?? []) {
      const end = `${child.id} ${output.name}`;
      if (output.hidden || (used.has(end) && !leaving.has(end))) continue;
      outputs.push(openOutput(child, output));
    }
  }
  const id = newNodeId(GROUP, new Set(document.nodes.map((node) => node.id)), random);
  const middle = (axis: "x" | "y") => children.reduce((sum, node) => sum + node.position[axis], 0) / children.length;
  const node: FlowNode = {
    id,
    type: "genericNode",
    selected: true,
    position: { x: Math.round(middle("x")), y: Math.round(middle("y")) },
    data: {
      id,
      type: GROUP,
      showNode: true,
      node: {
        display_name: "Group",
        description: children.map(nameOf).join(", "),
        documentation: "",
        icon: "group",
        template,
        outputs,
        field_order: Object.keys(template),
        base_classes: [...new Set(outputs.flatMap((output) => output.types))],
        custom_fields: {},
        flow: {
          name: "Group",
          description: "",
          data: {
            nodes: children.map((child) => ({ ...child, selected: false })),
            edges: within.map((edge) => ({ ...edge, selected: false })),
            viewport: { x: 0, y: 0, zoom: 1 },
          },
        },
      },
    },
  };
  const rest = removeItems(document, inner, new Set());
  const open: FlowDocument = {
    nodes: [...rest.nodes.map((other) => (other.selected ? { ...other, selected: false } : other)), node],
    edges: rest.edges,
  };
  return { ok: true, id, document: crossing.reduce((next, edge) => connectGroup(next, edge, node, inner), open) };
}

function isFeedback(edge: FlowEdge): boolean {
  const handle = decodeHandle(edge.targetHandle);
  return handle !== undefined && isSource(handle);
}

/** The edge as it was, ending at the group. */
function connectGroup(
  document: FlowDocument,
  edge: FlowEdge,
  node: FlowNode,
  inner: ReadonlySet<string>,
): FlowDocument {
  if (inner.has(edge.source)) {
    const name = outputKey(edge.source, edgeOutput(edge) ?? "");
    const output = node.data.node.outputs?.find((candidate) => candidate.name === name);
    if (!output) return document;
    const sourceText = encodeHandle(sourceHandle(node, output));
    return connect(document, { ...edge, source: node.id, sourceHandle: sourceText });
  }
  const name = fieldKey(edge.target, edgeField(edge) ?? "");
  const field = node.data.node.template[name];
  if (typeof field !== "object") return document;
  return connect(document, { ...edge, target: node.id, targetHandle: encodeHandle(targetHandle(node, name, field)) });
}

/** Puts the components of a group back on the canvas, with the values that were set on the group. */
export function ungroup(document: FlowDocument, id: string, random?: () => number): FlowDocument {
  const node = nodeById(document, id);
  if (!node || !isGroup(node)) return document;
  const inside = canonical(withValues(insideOf(node), node)).document;
  if (inside.nodes.length === 0) return document;
  const rest = removeItems(document, new Set([id]), new Set());
  const pasted = paste(rest, inside, node.position, random, { keepIds: true });
  const renamed = new Map(inside.nodes.map((child, index) => [child.id, pasted.ids[index] ?? child.id]));
  return document.edges
    .filter((edge) => edge.source === id || edge.target === id)
    .reduce((next, edge) => connectChild(next, edge, node, inside, renamed), pasted.document);
}

/** The graph inside with the values that count: those of the group's fields. */
export function withValues(inside: FlowDocument, node: FlowNode): FlowDocument {
  const nodes = inside.nodes.map((child) => {
    const template = { ...child.data.node.template };
    for (const [name, field] of fieldsOf(child.data.node)) {
      const outer = outerField(node, child, name, field);
      if (!outer) continue;
      const { proxy: _, ...values } = outer[1];
      template[name] = {
        ...field,
        ...values,
        ...(isRecord(field.proxy) ? { proxy: field.proxy } : {}),
        // How it is shown inside is the component's own.
        name: field.name ?? name,
        ...(field.display_name === undefined ? {} : { display_name: field.display_name }),
        ...(field.show === undefined ? {} : { show: field.show }),
        ...(field.advanced === undefined ? {} : { advanced: field.advanced }),
      };
    }
    return { ...child, data: { ...child.data, node: { ...child.data.node, template } } };
  });
  return { ...inside, nodes };
}

/** The field of the group that stands for this field of a child. */
export function outerField(
  node: FlowNode,
  child: FlowNode,
  name: string,
  field: TemplateField,
): [name: string, field: TemplateField] | undefined {
  const inner = meantField(child, name, field);
  return fieldsOf(node.data.node).find(
    ([, outer]) => isRecord(outer.proxy) && outer.proxy.id === inner.id && outer.proxy.field === inner.field,
  );
}

function connectChild(
  document: FlowDocument,
  edge: FlowEdge,
  node: FlowNode,
  inside: FlowDocument,
  renamed: ReadonlyMap<string, string>,
): FlowDocument {
  const isFrom = edge.source === node.id;
  const end = isFrom ? edgeOutput(edge) : edgeField(edge);
  for (const child of inside.nodes) {
    const placed = nodeById(document, renamed.get(child.id) ?? child.id);
    if (!placed) continue;
    if (isFrom) {
      const outer = node.data.node.outputs?.find((output) => output.name === end);
      const output = outer && child.data.node.outputs?.find((candidate) => isOutputOf(outer, child, candidate));
      if (output)
        return connect(document, {
          ...edge,
          source: placed.id,
          sourceHandle: encodeHandle(sourceHandle(placed, output)),
        });
      continue;
    }
    const outer = node.data.node.template[end ?? ""];
    const found = fieldsOf(child.data.node).find(([name, field]) => {
      const own = meantField(child, name, field);
      const stands = typeof outer === "object" && isRecord(outer.proxy) ? outer.proxy : undefined;
      return stands
        ? asText(stands.id) === asText(own.id) && stands.field === own.field
        : fieldKey(child.id, name) === end;
    });
    if (found)
      return connect(document, {
        ...edge,
        target: placed.id,
        targetHandle: encodeHandle(targetHandle(placed, found[0], found[1])),
      });
  }
  return document;
}
