/**
 * The inside of groups: what stands at the end of a way through them, and changes there. A field of a component inside
 * and the field of the group that stands for it are one; the group's is the one that counts.
 */

import { asText, isRecord } from "@/util/json";
import { type ComponentDef, type FlowDocument, type FlowNode, fieldOf, fieldsOf, type TemplateField } from "./document";
import {
  childIds,
  insideOf,
  isGroup,
  isOpenField,
  isOutputOf,
  openField,
  openOutput,
  outerField,
  usedInside,
  withValues,
} from "./groups";
import { canonical, nodeById, setField, settleEdges, updateDef } from "./ops";

/** What a person can set in a field: never what the field is. */
export type FieldChange = Pick<TemplateField, "value" | "load_from_db" | "file_path">;

/** A field of a component, and the way through groups to it. */
export interface Place {
  path: readonly string[];
  id: string;
  field: string;
}

/** The graph at the end of a way through groups, with the values that were set on them. */
export function lookInside(document: FlowDocument, path: readonly string[]): FlowDocument | undefined {
  const [id, ...rest] = path;
  if (id === undefined) return document;
  const node = nodeById(document, id);
  if (!node || !isGroup(node)) return undefined;
  return lookInside(canonical(withValues(insideOf(node), node)).document, rest);
}

/** The component at the end of a way through groups. */
export function nodeInside(document: FlowDocument, path: readonly string[], id: string): FlowNode | undefined {
  const end = lookInside(document, path);
  return end && nodeById(end, id);
}

/** Whose field this is: where a group stands for it, the component's inside. */
export function ownerOf(document: FlowDocument, place: Place): Place {
  const node = nodeInside(document, place.path, place.id);
  const proxy = node && isGroup(node) ? fieldOf(node.data.node, place.field)?.proxy : undefined;
  if (!node || !isRecord(proxy)) return place;
  const [id, field] = [asText(proxy.id), asText(proxy.field)];
  const way = wayTo(node, id);
  return way ? { path: [...place.path, ...way], id, field } : place;
}

/** The groups to go through to a component inside of this one, itself first. */
function wayTo(group: FlowNode, id: string): string[] | undefined {
  const inside = insideOf(group);
  if (nodeById(inside, id)) return [group.id];
  const next = inside.nodes.find((child) => isGroup(child) && childIds(child).includes(id));
  const rest = next && wayTo(next, id);
  return rest && [group.id, ...rest];
}

/**
 * Sets a value of a component at the end of a way through groups. Where a group on the way stands for the field, its
 * value is the one that counts, so it is set there.
 */
export function setInside(
  document: FlowDocument,
  path: readonly string[],
  id: string,
  name: string,
  change: FieldChange,
): FlowDocument {
  const [groupId, ...rest] = path;
  if (groupId === undefined) return setField(document, id, name, change);
  const node = nodeById(document, groupId);
  if (!node || !isGroup(node)) return document;
  const inside = insideOf(node);
  const child = nodeInside(inside, rest, id);
  const field = child && fieldOf(child.data.node, name);
  if (!child || !field) return document;
  const outer = outerField(node, child, name, field);
  if (outer) return setField(document, groupId, outer[0], change);
  return store(document, node, setInside(inside, rest, id, name, change), false);
}

/**
 * Changes what a component at the end of a way through groups is: its fields, its outputs. The groups on the way follow
 * with the fields and outputs that stand for those.
 */
export function changeInside(
  document: FlowDocument,
  path: readonly string[],
  id: string,
  step: (inside: FlowDocument) => FlowDocument,
): FlowDocument {
  const [groupId, ...rest] = path;
  if (groupId === undefined) return step(document);
  const node = nodeById(document, groupId);
  if (!node || !isGroup(node)) return document;
  const before = canonical(insideOf(node)).document;
  const after = changeInside(before, rest, id, step);
  const child = rest[0] ?? id;
  const [was, now] = [nodeById(before, child), nodeById(after, child)];
  if (after === before || !was || !now) return document;
  const followed = updateDef(store(document, node, after, true), groupId, follow(node, was, now, after));
  return settleEdges(followed, groupId);
}

/** The group with another graph inside; what else is stored beside the graph stays. */
function store(document: FlowDocument, node: FlowNode, inside: FlowDocument, withEdges: boolean): FlowDocument {
  const flow = isRecord(node.data.node.flow) ? node.data.node.flow : {};
  const data = isRecord(flow.data) ? flow.data : {};
  const stored = Array.isArray(data.nodes) ? data.nodes : [];
  const nodes = stored.map((old) => (isRecord(old) && inside.nodes.find((child) => child.id === old.id)) || old);
  const edges = withEdges ? { edges: inside.edges } : {};
  return updateDef(document, node.id, { flow: { ...flow, data: { ...data, nodes, ...edges } } });
}

/** The parts of a group that stand for a component inside, after that became another. */
function follow(group: FlowNode, was: FlowNode, now: FlowNode, inside: FlowDocument): Partial<ComponentDef> {
  const { fed, used } = usedInside(inside.edges);
  const outputs = followOutputs(group, was, now, used);
  const order = fieldsOf(group.data.node).map(([name]) => name);
  const template = { ...group.data.node.template };
  const outers = new Map<string, string>();
  for (const [name, old] of fieldsOf(was.data.node)) {
    const outer = outerField(group, was, name, old);
    if (!outer) continue;
    outers.set(name, outer[0]);
    const next = fieldOf(now.data.node, name);
    if (next === old) continue;
    // A group may have a field that was hidden all along: its maker wanted so.
    if (!next || (next.show === false && old.show !== false)) delete template[outer[0]];
    else template[outer[0]] = asOuter(outer[1], old, next, openField(now, name, next)[1]);
  }
  let last = order.length - 1;
  for (const [name, field] of fieldsOf(now.data.node)) {
    const known = outers.get(name);
    if (known !== undefined) {
      last = order.indexOf(known);
      continue;
    }
    const isNew = isOpenField(name, field) && !isOpenField(name, fieldOf(was.data.node, name));
    if (!isNew || fed.has(`${now.id} ${name}`)) continue;
    const [key, open] = openField(now, name, field);
    template[key] = open;
    last += 1;
    order.splice(last, 0, key);
  }
  return {
    template,
    outputs,
    field_order: order.filter((name) => name in template),
    base_classes: [...new Set(outputs.flatMap((output) => output.types))],
  };
}

/** The field of a group after the one it stands for changed: what a person chose for it on the group stays. */
function asOuter(outer: TemplateField, old: TemplateField, next: TemplateField, open: TemplateField): TemplateField {
  const own: TemplateField = { proxy: outer.proxy };
  if (outer.name !== undefined) own.name = outer.name;
  if (next.display_name === old.display_name && outer.display_name !== undefined) own.display_name = outer.display_name;
  if (next.advanced === old.advanced && outer.advanced !== undefined) own.advanced = outer.advanced;
  if (outer.api_editable !== undefined) own.api_editable = outer.api_editable;
  return { ...open, ...own };
}

function followOutputs(group: FlowNode, was: FlowNode, now: FlowNode, used: ReadonlySet<string>) {
  const [before, after] = [was.data.node.outputs ?? [], now.data.node.outputs ?? []];
  const kept = (group.data.node.outputs ?? []).flatMap((outer) => {
    const old = before.find((output) => isOutputOf(outer, was, output));
    if (!old) return [outer];
    const next = after.find((output) => output.name === old.name);
    if (!next || (next.hidden && !old.hidden)) return [];
    const display_name = next.display_name === old.display_name ? outer.display_name : undefined;
    const open = openOutput(now, next);
    return [{ ...open, name: outer.name, ...(display_name === undefined ? {} : { display_name }) }];
  });
  const fresh = after.filter(
    (output) =>
      !output.hidden &&
      !before.some((old) => old.name === output.name && !old.hidden) &&
      !used.has(`${now.id} ${output.name}`) &&
      !kept.some((outer) => isOutputOf(outer, now, output)),
  );
  return [...kept, ...fresh.map((output) => openOutput(now, output))];
}
