import { type Entry, fittingHandle, nameOf, type Wanted } from "@/flow/catalogue";
import type { ComponentDef, Position } from "@/flow/document";
import { addNode, connect, nodeById } from "@/flow/ops";
import { useEditor } from "@/stores/editor";
import { toast } from "@/stores/toast";
import { view } from "@/stores/view";
import { t } from "./messages";

/** Kinds of which a flow holds one. */
const single = new Set(["ChatInput", "ChatOutput", "Webhook"]);

/** The middle of what is seen of the canvas. */
export function middle(): Position {
  const box = document.querySelector(".react-flow")?.getBoundingClientRect();
  const instance = view().instance;
  if (!box || !instance) return { x: 0, y: 0 };
  const centre = instance.screenToFlowPosition({ x: box.left + box.width / 2, y: box.top + box.height / 2 });
  return { x: Math.round(centre.x - 160), y: Math.round(centre.y - 120) };
}

const GAP = 100;

/** Where a component goes that is joined to this node: after it, or before it. */
export function besideNode(nodeId: string, wants: Wanted["wants"]): Position {
  const node = nodeById(useEditor.getState().document, nodeId);
  if (!node) return middle();
  const width = node.measured?.width ?? 320;
  const x = wants === "target" ? node.position.x + width + GAP : node.position.x - 320 - GAP;
  return { x: Math.round(x), y: node.position.y };
}

/** Variables that apply themselves to fields of a name. */
export type Defaults = ReadonlyMap<string, string>;

function withDefaults(def: ComponentDef, defaults: Defaults): ComponentDef {
  const template = Object.fromEntries(
    Object.entries(def.template).map(([name, field]) => {
      if (typeof field !== "object" || field.value) return [name, field];
      const variable = defaults.get(field.display_name ?? "");
      return [name, variable ? { ...field, value: variable, load_from_db: true } : field];
    }),
  );
  return { ...def, template };
}

export interface Joined {
  nodeId: string;
  handle: string;
  wanted: Wanted;
}

/** Puts a component on the canvas, selected; joined to the handle it was chosen for. */
export function addComponent(entry: Entry, at: Position, defaults: Defaults, join?: Joined): string | undefined {
  const { document, change, readOnly } = useEditor.getState();
  if (readOnly) {
    toast.info(t.theFlowIsLockedUnlock);
    return undefined;
  }
  if (single.has(entry.type) && document.nodes.some((node) => node.data.type === entry.type)) {
    toast.info(t.aFlowCanHoldOnly(nameOf(entry)));
    return undefined;
  }
  let made: string | undefined;
  change((now) => {
    const added = addNode(now, entry.type, withDefaults(entry.def, defaults), at);
    made = added.id;
    const node = nodeById(added.document, added.id);
    const handle = join && node ? fittingHandle(node, join.wanted) : undefined;
    if (!join || !handle) return added.document;
    const ends =
      join.wanted.wants === "target"
        ? { source: join.nodeId, sourceHandle: join.handle, target: added.id, targetHandle: handle }
        : { source: added.id, sourceHandle: handle, target: join.nodeId, targetHandle: join.handle };
    return connect(added.document, ends);
  });
  if (made) useEditor.getState().select([made]);
  return made;
}
