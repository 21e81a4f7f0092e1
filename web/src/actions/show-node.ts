import { useEditor } from "@/stores/editor";
import { view } from "@/stores/view";

/** Selects a node and brings it into view. */
export function showNode(id: string): void {
  useEditor.getState().select([id]);
  void view().instance?.fitView({ nodes: [{ id }], maxZoom: 1, padding: 0.6, duration: 300 });
}
