/** Looking into groups: what is in them stands on the canvas; its values can be set, its shape stays. */
import { lookInside, nodeInside } from "@/flow/inside";
import { nameOf } from "@/flow/validate";
import { flowOf, runOfFlow, useEditor } from "@/stores/editor";
import { view } from "@/stores/view";

/** Goes to the end of a way through groups; the empty way is the flow itself. */
export function goInside(path: readonly string[]): void {
  const { preview, endPreview } = useEditor.getState();
  view().set({ filter: undefined });
  if (path.length === 0) {
    endPreview();
    fitSoon();
    return;
  }
  const flow = flowOf(useEditor.getState());
  const inner = lookInside(flow, path);
  if (!inner) return;
  preview(inner, namesOf(flow, path).join(" › "), runOfFlow(useEditor.getState()), path);
  fitSoon();
}

/** The names of the groups on the way. */
export function namesOf(document: Parameters<typeof lookInside>[0], path: readonly string[]): string[] {
  return path.flatMap((id, depth) => {
    const node = nodeInside(document, path.slice(0, depth), id);
    return node ? [nameOf(node)] : [];
  });
}

function fitSoon(): void {
  setTimeout(() => void view().instance?.fitView({ padding: 0.2, maxZoom: 1, duration: 200 }), 50);
}
