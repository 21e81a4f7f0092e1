import { NodeToolbar as FlowToolbar, Position } from "@xyflow/react";
import { Boxes, Code, Ellipsis, SlidersHorizontal, Snowflake } from "lucide-react";
import { fieldsOf, type NodeData } from "@/flow/document";
import { view } from "@/stores/view";
import { Switch } from "@/ui/form";
import { cn } from "@/util/cn";
import { useCanvasActions } from "./canvas-actions";
import { t } from "./messages";

/** Whether the component can be offered to an agent as a tool. */
export function canBeTool(data: NodeData): boolean {
  return data.node.tool_mode === true || fieldsOf(data.node).some(([, field]) => field.tool_mode === true);
}

export function NodeToolbar({ id, data }: { id: string; data: NodeData }) {
  const { runCommand } = useCanvasActions();
  const isGroup = data.node.flow !== undefined;
  const button = "nodrag flex items-center gap-1.5 rounded-md px-2 py-1 text-[13px] hover:bg-sunken";
  return (
    <FlowToolbar
      isVisible
      position={Position.Top}
      offset={8}
      className="flex items-center gap-1 rounded-lg border border-line bg-surface p-1 shadow-card"
    >
      {isGroup ? (
        <button
          type="button"
          data-testid="look-inside-button"
          className={button}
          onClick={() => runCommand("lookInside")}
        >
          <Boxes size={14} aria-hidden="true" /> {t.lookInside}
        </button>
      ) : (
        <button type="button" data-testid="code-button-modal" className={button} onClick={() => runCommand("code")}>
          <Code size={14} aria-hidden="true" /> <span className="sr-only sm:not-sr-only">{t.code}</span>
        </button>
      )}
      <button type="button" data-testid="parameters-button" className={button} onClick={() => runCommand("inspector")}>
        <SlidersHorizontal size={14} aria-hidden="true" />{" "}
        <span className="sr-only sm:not-sr-only">{t.parameters}</span>
      </button>
      {canBeTool(data) && !isGroup ? (
        <span className="flex items-center gap-1.5 px-2 text-[13px]" data-testid="tool-mode-button">
          {t.toolMode}
          <Switch
            testId="tool-mode-toggle"
            label={t.toolMode}
            checked={data.node.tool_mode === true}
            onChange={() => runCommand("tool")}
          />
        </span>
      ) : (
        <button
          type="button"
          data-testid="freeze-all-button-modal"
          aria-pressed={data.node.frozen === true}
          className={cn(button, data.node.frozen && "text-sky-600")}
          onClick={() => runCommand("freeze")}
        >
          <Snowflake size={14} aria-hidden="true" /> {t.freeze}
        </button>
      )}
      <button
        type="button"
        data-testid="more-options-modal"
        aria-label={t.more}
        title={t.more}
        className={cn(button, "px-1.5")}
        onClick={(event) => {
          const box = event.currentTarget.getBoundingClientRect();
          view().set({ menu: { screen: { x: box.left, y: box.bottom + 4 }, nodeId: id } });
        }}
      >
        <Ellipsis size={15} aria-hidden="true" />
      </button>
    </FlowToolbar>
  );
}
