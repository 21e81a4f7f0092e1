import { type FlowDocument, type FlowNode, fieldOf } from "./document";
import { acceptedTypes, decodeHandle, isSource, outputTypes, type SourceHandle, typesMeet } from "./handles";
import { t } from "./messages";

export type Ends = {
  source: string | null;
  target: string | null;
  sourceHandle?: string | null;
  targetHandle?: string | null;
};

export type Verdict = { ok: true } | { ok: false; reason: string };

const refuse = (reason: string): Verdict => ({ ok: false, reason });

/** Whether an edge may join these ends, and if not, why in words. */
export function checkConnection(document: FlowDocument, ends: Ends): Verdict {
  const source = document.nodes.find((node) => node.id === ends.source);
  const target = document.nodes.find((node) => node.id === ends.target);
  const from = decodeHandle(ends.sourceHandle);
  const to = decodeHandle(ends.targetHandle);
  if (!source || !target || !from || !to || !isSource(from)) return refuse(t.dragFromAnOutputTo);
  if (source.id === target.id) return refuse(t.cannotFeedItself(nameOf(source)));
  const given = givenTypes(source, from);
  const accepted = acceptedTypes(to);
  if (!typesMeet(given, accepted)) {
    const where = isSource(to) ? t.theLoop : labelOf(target, to.fieldName);
    return refuse(t.needsButGives(where, nameOf(target), anyOf(accepted), anyOf(given)));
  }
  const twin = document.edges.some(
    (edge) =>
      edge.source === ends.source &&
      edge.target === ends.target &&
      edge.sourceHandle === ends.sourceHandle &&
      edge.targetHandle === ends.targetHandle,
  );
  return twin ? refuse(t.theseTwoAreConnectedAlready) : { ok: true };
}

function givenTypes(node: FlowNode, handle: SourceHandle): string[] {
  const output = node.data.node.outputs?.find((candidate) => candidate.name === handle.name);
  return output ? outputTypes(output) : handle.output_types;
}

/** Types as people say them: "Message or Data". */
export const anyOf = (types: readonly string[]) => types.join(t.or);

export function nameOf(node: FlowNode): string {
  return node.data.node.display_name ?? node.data.type;
}

function labelOf(node: FlowNode, name: string): string {
  return fieldOf(node.data.node, name)?.display_name ?? name;
}

/** Required inputs that are empty and not connected: told before a run, all at once. */
export function missingInputs(document: FlowDocument): { nodeId: string; field: string; text: string }[] {
  const connected = new Set(
    document.edges.map((edge) => {
      const handle = decodeHandle(edge.targetHandle);
      return `${edge.target} ${handle && !isSource(handle) ? handle.fieldName : ""}`;
    }),
  );
  const problems: { nodeId: string; field: string; text: string }[] = [];
  for (const node of document.nodes) {
    if (node.type !== "genericNode") continue;
    for (const [name, field] of Object.entries(node.data.node.template)) {
      if (typeof field !== "object" || field === null || name === "code") continue;
      if (!field.required || field.show === false || connected.has(`${node.id} ${name}`)) continue;
      if (node.data.node.tool_mode && field.tool_mode) continue;
      if (isEmpty(field.value) && isEmpty(field.file_path)) {
        problems.push({
          nodeId: node.id,
          field: name,
          text: t.isEmpty(nameOf(node), field.display_name ?? name),
        });
      }
    }
  }
  return problems;
}

function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || value === "" || (Array.isArray(value) && value.length === 0);
}
