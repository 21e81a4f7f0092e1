/** Looking into groups: what is in them stands on the canvas; its values can be set, its shape stays. */
import { lookInside } from "@/flow/groups";
import { nodeById } from "@/flow/ops";
import { nameOf } from "@/flow/validate";
import { useEditor } from "@/stores/editor";
import { view } from "@/stores/view";

/** Goes to the end of a way through groups; the empty way is the flow itself. */
export function goInside(path: readonly string[]): void {
  const { shelved, document, run, preview, endPreview } = useEditor.getState();
  const isInside = view().inside.length > 0;
  view().set({ inside: path, filter: undefined });
  if (path.length === 0) {
    endPreview();
    fitSoon();
    return;
  }
  const flow = isInside && shelved ? shelved : { document, run };
  const inner = lookInside(flow.document, path);
  if (!inner) return;
  preview(inner, namesOf(flow.document, path).join(" › "), flow.run, path);
  fitSoon();
}

/** The names of the groups on the way. */
export function namesOf(document: Parameters<typeof lookInside>[0], path: readonly string[]): string[] {
  return path.flatMap((id, depth) => {
    const around = lookInside(document, path.slice(0, depth));
    const node = around && nodeById(around, id);
    return node ? [nameOf(node)] : [];
  });
}

function fitSoon(): void {
  setTimeout(() => void view().instance?.fitView({ padding: 0.2, maxZoom: 1, duration: 200 }), 50);
}
