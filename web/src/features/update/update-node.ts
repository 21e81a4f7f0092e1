/**
 * Asks the server what a component looks like after one of its values changed: other fields, other
 * choices, other outputs. Quick changes are joined, and only the newest answer counts.
 */
import { api, describe } from "@/api/client";
import { type ComponentDef, fieldOf } from "@/flow/document";
import { nodeById, replaceDef } from "@/flow/ops";
import { useEditor } from "@/stores/editor";
import { toast } from "@/stores/toast";
import { useView } from "@/stores/view";
import { t } from "./messages";

const WAIT_MS = 300;
const timers = new Map<string, ReturnType<typeof setTimeout>>();
const rounds = new Map<string, number>();

export interface Update {
  field: string;
  value: unknown;
  toolMode?: boolean;
  isRefresh?: boolean;
}

export function planUpdate(nodeId: string, update: Update): void {
  clearTimeout(timers.get(nodeId));
  timers.set(
    nodeId,
    setTimeout(() => {
      timers.delete(nodeId);
      void updateNode(nodeId, update);
    }, WAIT_MS),
  );
}

export async function updateNode(nodeId: string, update: Update): Promise<void> {
  const { meta, document } = useEditor.getState();
  const node = nodeById(document, nodeId);
  if (!meta || !node) return;
  const asked = node.data.node;
  const round = (rounds.get(nodeId) ?? 0) + 1;
  rounds.set(nodeId, round);
  setBusy(nodeId, true);
  try {
    const answer = await api<ComponentDef>("/api/v1/custom_component/update", {
      method: "POST",
      query: { flow_id: meta.id },
      body: {
        code: fieldOf(asked, "code")?.value ?? "",
        template: {
          ...asked.template,
          _frontend_node_flow_id: { value: meta.id },
          _frontend_node_folder_id: { value: meta.folder_id ?? "" },
          ...(update.isRefresh ? { is_refresh: true } : {}),
        },
        field: update.field,
        field_value: update.value,
        tool_mode: update.toolMode ?? asked.tool_mode ?? false,
        frontend_node: { metadata: asked.metadata ?? {} },
      },
    });
    if (rounds.get(nodeId) !== round) return;
    useEditor.getState().change(
      (now) => {
        const current = nodeById(now, nodeId);
        return current ? replaceDef(now, nodeId, withNewerValues(answer, asked, current.data.node)) : now;
      },
      { server: true },
    );
  } catch (error) {
    if (rounds.get(nodeId) === round) toast.error(`${asked.display_name ?? node.data.type}: ${describe(error)}`);
  } finally {
    if (rounds.get(nodeId) === round) setBusy(nodeId, false);
  }
}

/** What was typed while the answer was on its way stays. */
function withNewerValues(answer: ComponentDef, asked: ComponentDef, current: ComponentDef): ComponentDef {
  const template = { ...answer.template };
  delete template._frontend_node_flow_id;
  delete template._frontend_node_folder_id;
  delete template.is_refresh;
  for (const [name, field] of Object.entries(current.template)) {
    const then = asked.template[name];
    const answered = template[name];
    if (then === field || typeof field !== "object" || typeof answered !== "object") continue;
    template[name] = { ...answered, value: field.value, load_from_db: field.load_from_db ?? false };
  }
  return { ...answer, template };
}

function setBusy(nodeId: string, isBusy: boolean) {
  useView.setState(({ updating }) => {
    const { [nodeId]: _, ...rest } = updating;
    return { updating: isBusy ? { ...rest, [nodeId]: true } : rest };
  });
}

/** Prompt fields have variables: the server turns them into inputs of the node. */
export async function updatePrompt(nodeId: string, name: string, text: string): Promise<void> {
  const node = nodeById(useEditor.getState().document, nodeId);
  if (!node) return;
  try {
    const mustache = fieldOf(node.data.node, "use_double_brackets")?.value === true;
    const answer = await api<{ frontend_node: ComponentDef | null }>("/api/v1/validate/prompt", {
      method: "POST",
      body: { name, template: text, frontend_node: node.data.node, mustache },
    });
    const def = answer.frontend_node;
    if (!def) return;
    useEditor.getState().change((document) => replaceDef(document, nodeId, def), { server: true });
  } catch (error) {
    toast.error(`${node.data.node.display_name ?? t.prompt}: ${describe(error)}`);
  }
}
