import type { ComponentDef } from "@/flow/document";
import { fitsEdge, insertOnEdge } from "@/flow/insert";
import { useEditor } from "@/stores/editor";
import { toast } from "@/stores/toast";
import { view } from "@/stores/view";

/** The edge at this place of the screen, also beneath a node. */
export function edgeUnder(x: number, y: number): string | undefined {
  for (const element of document.elementsFromPoint(x, y)) {
    const edge = element.closest(".react-flow__edge");
    if (edge instanceof Element) return edge.getAttribute("data-id") ?? undefined;
  }
  return undefined;
}

/** Marks the edge under what is dragged: there it would go in, or it does not fit. */
export function markEdge(x: number, y: number, def: ComponentDef | undefined): void {
  const id = edgeUnder(x, y);
  const { dropEdge, set } = view();
  if (dropEdge?.id === id) return;
  set({
    dropEdge: id === undefined ? undefined : { id, fits: !def || fitsEdge(useEditor.getState().document, id, def) },
  });
}

export const unmarkEdge = () => {
  if (view().dropEdge) view().set({ dropEdge: undefined });
};

/** Puts a node between the ends of an edge, or says why it does not fit. */
export function putOnEdge(edgeId: string, nodeId: string): void {
  const { document, change } = useEditor.getState();
  const made = insertOnEdge(document, edgeId, nodeId);
  if (made.ok) change(() => made.document);
  else toast.info(made.reason);
}
