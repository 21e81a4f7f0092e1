/** What a flow asks for before it can run, and putting a model where one is missing. */
import type { FlowDocument, FlowNode, TemplateField } from "./document";
import { fieldsOf } from "./document";
import { edgeField } from "./handles";
import { kindOf } from "./kinds";

export interface Needs {
  /** A language model that is not chosen yet. */
  model: boolean;
  /** An embedding model that is not chosen yet. */
  embedding: boolean;
  /** Required secrets that are empty, by their names. */
  secrets: string[];
  files: boolean;
}

const isEmpty = (value: unknown) =>
  value === undefined || value === null || value === "" || (Array.isArray(value) && value.length === 0);

const isEmbedding = (field: TemplateField) => /^embedding/.test(field.model_type ?? "");

/** Fields that a person would have to fill: shown, empty, and with nothing connected to them. */
function openFields(document: FlowDocument): { node: FlowNode; name: string; field: TemplateField }[] {
  const fed = new Set(document.edges.map((edge) => `${edge.target} ${edgeField(edge) ?? ""}`));
  return document.nodes.flatMap((node) =>
    fieldsOf(node.data.node)
      .filter(([name, field]) => field.show !== false && isEmpty(field.value) && !fed.has(`${node.id} ${name}`))
      .map(([name, field]) => ({ node, name, field })),
  );
}

export function needsOf(document: FlowDocument): Needs {
  const needs: Needs = { model: false, embedding: false, secrets: [], files: false };
  for (const { name, field } of openFields(document)) {
    const kind = kindOf(field);
    if (kind === "model" && isEmbedding(field)) needs.embedding = true;
    else if (kind === "model") needs.model = true;
    else if (kind === "secret" && field.required) needs.secrets.push(field.display_name ?? name);
    else if (kind === "file" && field.required) needs.files = true;
  }
  return { ...needs, secrets: [...new Set(needs.secrets)] };
}

/** The flow with this model wherever one of its kind is missing. */
export function withModel(
  document: FlowDocument,
  model: Record<string, unknown>,
  kind: "language" | "embedding" = "language",
): FlowDocument {
  const open = openFields(document).filter(
    ({ field }) => kindOf(field) === "model" && isEmbedding(field) === (kind === "embedding"),
  );
  const nodes = document.nodes.map((node) => {
    const own = open.filter((entry) => entry.node === node);
    if (own.length === 0) return node;
    const changed = Object.fromEntries(own.map(({ name, field }) => [name, { ...field, value: [model] }]));
    const template = { ...node.data.node.template, ...changed };
    return { ...node, data: { ...node.data, node: { ...node.data.node, template } } };
  });
  return { ...document, nodes };
}

/** Whether a person can talk to it. */
export function isChat(document: FlowDocument): boolean {
  const types = new Set(document.nodes.map((node) => node.data.type));
  return types.has("ChatInput") && types.has("ChatOutput");
}
