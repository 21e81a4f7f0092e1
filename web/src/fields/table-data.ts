import { asText, isRecord } from "@/util/json";

export type Row = Record<string, unknown>;

export interface TableColumn {
  name: string;
  title: string;
  type: "str" | "bool" | "int" | "float" | "choice";
  fallback: unknown;
  isReadOnly: boolean;
  choices?: string[];
}

export function readRows(value: unknown): Row[] {
  if (Array.isArray(value)) return value.filter(isRecord);
  return isRecord(value) && Object.keys(value).length > 0 ? [value] : [];
}

/** Columns from the schema, which is a list or `{columns: […]}`; else from the rows. */
export function readColumns(schema: unknown, rows: Row[]): TableColumn[] {
  const listed = Array.isArray(schema)
    ? schema
    : isRecord(schema) && Array.isArray(schema.columns)
      ? schema.columns
      : [];
  const columns = listed.filter(isRecord).map((column): TableColumn => {
    const choices = Array.isArray(column.options) ? column.options.map(asText) : [];
    return {
      name: asText(column.name),
      title: asText(column.display_name) || asText(column.name),
      type: choices.length > 0 ? "choice" : typeOf(asText(column.type ?? column.formatter)),
      fallback: column.default ?? "",
      isReadOnly: column.disable_edit === true,
      ...(choices.length > 0 ? { choices } : {}),
    };
  });
  if (columns.length > 0) return columns.filter((column) => column.name);
  const names = new Set(rows.flatMap((row) => Object.keys(row)));
  return [...names].map((name) => ({ name, title: name, type: "str", fallback: "", isReadOnly: false }));
}

function typeOf(type: string): TableColumn["type"] {
  if (type.startsWith("bool")) return "bool";
  if (type === "int" || type === "integer") return "int";
  return type === "float" || type === "number" ? "float" : "str";
}
