import type { TemplateField } from "@/flow/document";

/** Whether a field is drawn on its node: the rest waits in the inspector. */
export function isFieldShown(
  toolMode: boolean,
  name: string,
  field: TemplateField,
  connected: ReadonlySet<string>,
): boolean {
  if (name === "code" || field.show === false) return false;
  if (toolMode && field.tool_mode) return false;
  return !field.advanced || connected.has(name);
}
