import { NodeToolbar, Position } from "@xyflow/react";
import { Copy, Group, Trash2 } from "lucide-react";
import { useShallow } from "zustand/react/shallow";
import { selectedNodes, useEditor } from "@/stores/editor";
import { useCanvasActions } from "./canvas-actions";
import { t } from "./messages";

/** What can be done with several selected nodes at once. */
export function SelectionBar() {
  const ids = useEditor(useShallow((state) => selectedNodes(state.document).map((node) => node.id)));
  const readOnly = useEditor((state) => state.readOnly);
  const { runCommand } = useCanvasActions();
  if (ids.length < 2 || readOnly) return null;
  const button = "nodrag flex items-center gap-1.5 rounded-md px-2 py-1 text-[13px] hover:bg-sunken";
  return (
    <NodeToolbar
      nodeId={ids}
      isVisible
      position={Position.Top}
      offset={10}
      className="flex items-center gap-1 rounded-lg border border-line bg-surface p-1 shadow-card"
    >
      <span className="px-2 text-[13px] text-ink-soft">{t.selected(ids.length)}</span>
      <button type="button" data-testid="group-node" className={button} onClick={() => runCommand("group")}>
        <Group size={14} aria-hidden="true" /> {t.group}
      </button>
      <button type="button" className={button} onClick={() => runCommand("duplicate")}>
        <Copy size={14} aria-hidden="true" /> {t.duplicate}
      </button>
      <button type="button" className={button} onClick={() => runCommand("delete")}>
        <Trash2 size={14} aria-hidden="true" /> {t.deleteText}
      </button>
    </NodeToolbar>
  );
}
