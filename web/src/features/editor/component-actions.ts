/** Commands on one component that ask the server or the catalogue. */
import type { QueryClient } from "@tanstack/react-query";
import { api, describe } from "@/api/client";
import { catalogueQuery } from "@/api/queries";
import type { Flow } from "@/api/types";
import { type ComponentDef, type FlowNode, fieldOf, writeGraph } from "@/flow/document";
import { replaceDef } from "@/flow/ops";
import { nameOf } from "@/flow/validate";
import { useEditor } from "@/stores/editor";
import { toast } from "@/stores/toast";
import { t } from "./messages";
import { takeOver } from "./take-over";

/** Keeps a component with its values in the palette, under Saved. Typed secrets stay behind. */
export async function saveComponent(node: FlowNode, queries: QueryClient): Promise<void> {
  const template = Object.fromEntries(
    Object.entries(node.data.node.template).map(([name, field]) => {
      const isSecret = typeof field === "object" && field.password === true && !field.load_from_db;
      return [name, isSecret ? { ...field, value: "" } : field];
    }),
  );
  const kept = { ...node, data: { ...node.data, node: { ...node.data.node, template } } };
  try {
    await api<Flow>("/api/v1/flows/", {
      method: "POST",
      body: {
        name: nameOf(node),
        description: node.data.node.description ?? "",
        is_component: true,
        data: writeGraph({ nodes: [kept], edges: [] }, { x: 0, y: 0, zoom: 1 }),
      },
    });
    await queries.invalidateQueries({ queryKey: ["saved-components"] });
    toast.ok(t.isInThePaletteNow(nameOf(node)));
  } catch (error) {
    toast.error(t.wasNotSaved(nameOf(node), describe(error)));
  }
}

/** Takes the definition of the catalogue and puts the values of the node into it. */
export function updateToNewest(node: FlowNode, queries: QueryClient): void {
  const entries = queries.getQueryData(catalogueQuery.queryKey);
  const entry = entries?.find((candidate) => candidate.type === node.data.type);
  if (!entry) {
    toast.info(t.thereIsNoComponentIn(node.data.type));
    return;
  }
  const def = withValues(structuredClone(entry.def), node.data.node);
  useEditor.getState().change((document) => replaceDef(document, node.id, def));
  toast.ok(t.hasTheNewestDefinitionWith(nameOf(node)));
}

function withValues(def: ComponentDef, old: ComponentDef): ComponentDef {
  for (const [name, field] of Object.entries(def.template)) {
    const was = fieldOf(old, name);
    if (name === "code" || typeof field !== "object" || !was) continue;
    def.template[name] = {
      ...field,
      value: was.value,
      advanced: was.advanced ?? false,
      load_from_db: was.load_from_db ?? false,
      ...(was.file_path === undefined ? {} : { file_path: was.file_path }),
    };
  }
  // Inputs that a value of the node brought forth, as the variables of a prompt do.
  for (const [name, field] of Object.entries(old.template)) {
    if (
      !(name in def.template) &&
      Object.values(old.custom_fields ?? {})
        .flat()
        .includes(name)
    )
      def.template[name] = field;
  }
  return { ...def, ...(old.custom_fields ? { custom_fields: old.custom_fields } : {}) };
}

export async function toggleLock(): Promise<void> {
  const { meta, readOnly } = useEditor.getState();
  if (!meta) return;
  try {
    const { data: _, ...flow } = await api<Flow>(`/api/v1/flows/${meta.id}`, {
      method: "PATCH",
      body: { locked: !readOnly },
    });
    takeOver(flow);
    toast.ok(readOnly ? t.theFlowCanBeChanged : t.theFlowIsLockedNobody);
  } catch (error) {
    toast.error(describe(error));
  }
}
