import type { TemplateField } from "./document";

/** Every kind of input there is a widget for. A new kind is a name here and a file in `fields/`. */
export const inputKinds = [
  "text",
  "multiline",
  "secret",
  "prompt",
  "query",
  "int",
  "float",
  "bool",
  "dropdown",
  "multiselect",
  "actions",
  "tab",
  "slider",
  "dict",
  "nestedDict",
  "table",
  "file",
  "code",
  "model",
  "mcp",
  "sortable",
  "tools",
  "duration",
  "connection",
  "display",
  "link",
  "handle",
  "json",
] as const;

export type InputKind = (typeof inputKinds)[number];

const byType: Record<string, InputKind> = {
  int: "int",
  float: "float",
  bool: "bool",
  tab: "tab",
  slider: "slider",
  dict: "dict",
  NestedDict: "nestedDict",
  table: "table",
  file: "file",
  code: "code",
  prompt: "prompt",
  mustache: "prompt",
  query: "query",
  other: "handle",
  model: "model",
  mcp: "mcp",
  sortableList: "sortable",
  actionPicker: "actions",
  tools: "tools",
  duration: "duration",
  connection_ref: "connection",
  connect: "connection",
  auth: "connection",
  data_display: "display",
  link: "link",
};

/** Which widget edits a field; a kind nobody knows is edited as JSON. */
export function kindOf(field: TemplateField): InputKind {
  const type = field.type ?? "";
  if (type !== "str" && type !== "") return byType[type] ?? "json";
  if (Array.isArray(field.options) && field.options.length + (field._input_type ? 1 : 0) > 0) {
    if (field._input_type === "MultiselectInput" || (field.list && field.options.length > 0)) return "multiselect";
    if (field._input_type === "DropdownInput" || field.options.length > 0) return "dropdown";
  }
  if (field._input_type === "HandleInput") return "handle";
  if (field.password) return "secret";
  if (field.multiline) return "multiline";
  return typeof field.value === "object" && field.value !== null && !Array.isArray(field.value) ? "json" : "text";
}
