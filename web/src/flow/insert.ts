import { fits, fittingHandle } from "./catalogue";
import type { ComponentDef, FlowDocument } from "./document";
import { acceptedTypes, decodeHandle, isSource } from "./handles";
import { t } from "./messages";
import { connect, nodeById, removeItems } from "./ops";
import { anyOf, nameOf } from "./validate";

export type Inserted = { ok: true; document: FlowDocument } | { ok: false; reason: string };

/** Whether a component has an input and an output for what this edge carries. */
export function fitsEdge(document: FlowDocument, edgeId: string, def: ComponentDef): boolean {
  const edge = document.edges.find((candidate) => candidate.id === edgeId);
  const from = decodeHandle(edge?.sourceHandle);
  const to = decodeHandle(edge?.targetHandle);
  if (!from || !isSource(from) || !to) return false;
  return (
    fits(def, { types: from.output_types, wants: "target" }) && fits(def, { types: acceptedTypes(to), wants: "source" })
  );
}

/** Puts a node between the two ends of an edge. */
export function insertOnEdge(document: FlowDocument, edgeId: string, nodeId: string): Inserted {
  const edge = document.edges.find((candidate) => candidate.id === edgeId);
  const node = nodeById(document, nodeId);
  const from = decodeHandle(edge?.sourceHandle);
  const to = decodeHandle(edge?.targetHandle);
  if (!edge || !node || !from || !isSource(from) || !to) return { ok: false, reason: t.thereIsNoEdgeHere };
  const input = fittingHandle(node, { types: from.output_types, wants: "target" });
  const output = fittingHandle(node, { types: acceptedTypes(to), wants: "source" });
  if (!input)
    return {
      ok: false,
      reason: t.hasNoInputFor(nameOf(node), anyOf(from.output_types)),
    };
  if (!output)
    return {
      ok: false,
      reason: t.givesNo(nameOf(node), anyOf(acceptedTypes(to))),
    };
  const open = removeItems(document, new Set(), new Set([edgeId]));
  const first = connect(open, {
    source: edge.source,
    sourceHandle: edge.sourceHandle ?? null,
    target: nodeId,
    targetHandle: input,
  });
  return {
    ok: true,
    document: connect(first, {
      source: nodeId,
      sourceHandle: output,
      target: edge.target,
      targetHandle: edge.targetHandle ?? null,
    }),
  };
}
