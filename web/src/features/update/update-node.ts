/**
 * Asks the server what a component looks like after one of its values changed: other fields, other
 * choices, other outputs. Quick changes are joined, and only the newest answer counts.
 */
import { api, describe } from "@/api/client";
import { type ComponentDef, type FlowNode, fieldOf, type TemplateField } from "@/flow/document";
import { changeInside, nodeInside, ownerOf, type Place } from "@/flow/inside";
import { replaceDef } from "@/flow/ops";
import { nameOf } from "@/flow/validate";
import { flowOf, useEditor } from "@/stores/editor";
import { toast } from "@/stores/toast";
import { useView } from "@/stores/view";

const WAIT_MS = 300;
const timers = new Map<string, ReturnType<typeof setTimeout>>();
const rounds = new Map<string, number>();

export interface Update {
  field: string;
  value: unknown;
  toolMode?: boolean;
  isRefresh?: boolean;
}

/** The component that is asked about, and the node on the canvas that shows it. */
interface Asked {
  place: Place;
  shownId: string;
  /** Of the component, in all of the flow. */
  key: string;
}

/** A field on the canvas may be of a component inside: of the group that is looked into, or that stands for it. */
function find(shownId: string, field: string): Asked {
  const state = useEditor.getState();
  const place = ownerOf(flowOf(state), { path: state.shelved?.inside ?? [], id: shownId, field });
  return { place, shownId, key: [...place.path, place.id].join("/") };
}

export function planUpdate(nodeId: string, update: Update): void {
  const asked = find(nodeId, update.field);
  clearTimeout(timers.get(asked.key));
  timers.set(
    asked.key,
    setTimeout(() => {
      timers.delete(asked.key);
      void ask(asked, update);
    }, WAIT_MS),
  );
}

export async function updateNode(nodeId: string, update: Update): Promise<void> {
  await ask(find(nodeId, update.field), update);
}

async function ask({ place, shownId, key }: Asked, update: Update): Promise<void> {
  const { meta } = useEditor.getState();
  const node = nodeAt(place);
  if (!meta || !node) return;
  const asked = node.data.node;
  const round = (rounds.get(key) ?? 0) + 1;
  rounds.set(key, round);
  setBusy(shownId, true);
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
        field: place.field,
        field_value: update.value,
        tool_mode: update.toolMode ?? asked.tool_mode ?? false,
        frontend_node: { metadata: asked.metadata ?? {} },
      },
    });
    if (rounds.get(key) === round) put(place, (current) => withNewerValues(answer, asked, current));
  } catch (error) {
    if (rounds.get(key) === round) toast.error(`${nameOf(node)}: ${describe(error)}`);
  } finally {
    if (rounds.get(key) === round) setBusy(shownId, false);
  }
}

function nodeAt({ path, id }: Place): FlowNode | undefined {
  return nodeInside(flowOf(useEditor.getState()), path, id);
}

/** Stores what the server made of a component where it stands now, if it still does. */
function put({ path, id }: Place, make: (current: ComponentDef) => ComponentDef): void {
  useEditor.getState().changeFlow(
    (flow) => {
      const current = nodeInside(flow, path, id);
      return current ? changeInside(flow, path, id, (inside) => replaceDef(inside, id, make(current.data.node))) : flow;
    },
    { server: true },
  );
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
    if (typeof field !== "object" || typeof answered !== "object" || sameValue(then, field)) continue;
    template[name] = { ...answered, value: field.value, load_from_db: field.load_from_db ?? false };
  }
  return { ...answer, template };
}

function sameValue(then: TemplateField | string | undefined, now: TemplateField): boolean {
  if (then === now) return true;
  if (typeof then !== "object" || then.load_from_db !== now.load_from_db) return false;
  return then.value === now.value || JSON.stringify(then.value) === JSON.stringify(now.value);
}

function setBusy(nodeId: string, isBusy: boolean) {
  useView.setState(({ updating }) => {
    const { [nodeId]: _, ...rest } = updating;
    return { updating: isBusy ? { ...rest, [nodeId]: true } : rest };
  });
}

/** Prompt fields have variables: the server turns them into inputs of the node. */
export async function updatePrompt(nodeId: string, name: string, text: string): Promise<void> {
  const { place } = find(nodeId, name);
  const node = nodeAt(place);
  if (!node) return;
  const asked = node.data.node;
  try {
    const mustache = fieldOf(asked, "use_double_brackets")?.value === true;
    const answer = await api<{ frontend_node: ComponentDef | null }>("/api/v1/validate/prompt", {
      method: "POST",
      body: { name: place.field, template: text, frontend_node: asked, mustache },
    });
    const def = answer.frontend_node;
    if (def) put(place, (current) => withNewerValues(def, asked, current));
  } catch (error) {
    toast.error(`${nameOf(node)}: ${describe(error)}`);
  }
}
