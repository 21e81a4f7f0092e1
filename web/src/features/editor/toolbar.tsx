import { useStore } from "@xyflow/react";
import {
  AlignVerticalDistributeCenter,
  Map as MapIcon,
  Maximize,
  Minimize2,
  PanelLeft,
  PanelRight,
  Play,
  Redo2,
  Square,
  StickyNote,
  Undo2,
  ZoomIn,
  ZoomOut,
} from "lucide-react";
import type { Command } from "@/actions/commands";
import { withKeys } from "@/actions/keymap";
import { canSetValues, useEditor } from "@/stores/editor";
import { useView } from "@/stores/view";
import { IconButton } from "@/ui/button";
import { cn } from "@/util/cn";
import { t } from "./messages";

/** Controls at the foot of the canvas. */
export function Toolbar({ commands }: { commands: Command[] }) {
  const zoom = useStore((state) => Math.round(state.transform[2] * 100));
  const isRunning = useEditor((state) => state.run.phase === "running");
  const isEmpty = useEditor((state) => state.document.nodes.length === 0);
  const isOpen = useEditor(canSetValues);
  const canUndo = useEditor((state) => state.history.past.length > 0);
  const canRedo = useEditor((state) => state.history.future.length > 0);
  const steps = isOpen ? (label: string) => label : t.notWhereNothingCanChange;
  const { sidebar, inspector, minimap } = useView();
  const run = (id: Command["id"]) => () => commands.find((command) => command.id === id)?.run();
  return (
    <div
      role="toolbar"
      aria-label={t.canvas}
      data-testid="main_canvas_controls"
      className="absolute bottom-4 left-1/2 flex max-w-[calc(100%-1rem)] -translate-x-1/2 items-center gap-0.5 overflow-x-auto rounded-xl border border-line bg-surface p-1 shadow-card"
    >
      {isRunning ? (
        <IconButton label={t.stopTheRun} look="danger" onClick={run("stop")}>
          <Square size={14} aria-hidden="true" />
        </IconButton>
      ) : (
        <IconButton
          label={withKeys(t.runTheWholeFlow, "runFlow")}
          data-testid="run-flow-button"
          look="primary"
          disabled={isEmpty}
          onClick={run("runFlow")}
        >
          <Play size={15} aria-hidden="true" />
        </IconButton>
      )}
      <span aria-hidden="true" className="mx-1 h-5 w-px shrink-0 bg-line" />
      <IconButton
        label={withKeys(t.sidebar, "sidebar")}
        aria-pressed={sidebar}
        className={cn(sidebar && "text-accent")}
        onClick={run("sidebar")}
      >
        <PanelLeft size={16} aria-hidden="true" />
      </IconButton>
      <IconButton
        label={steps(withKeys(t.undo, "undo"))}
        data-testid="undo-button"
        disabled={!(isOpen && canUndo)}
        onClick={run("undo")}
      >
        <Undo2 size={16} aria-hidden="true" />
      </IconButton>
      <IconButton
        label={steps(withKeys(t.redo, "redo"))}
        data-testid="redo-button"
        disabled={!(isOpen && canRedo)}
        onClick={run("redo")}
      >
        <Redo2 size={16} aria-hidden="true" />
      </IconButton>
      <IconButton label={t.zoomOut} data-testid="zoom_out" onClick={run("zoomOut")}>
        <ZoomOut size={16} aria-hidden="true" />
      </IconButton>
      <button
        type="button"
        data-testid="reset_zoom"
        title={t.zoomTo100}
        className="w-12 shrink-0 rounded-md py-1 text-center text-[13px] tabular-nums hover:bg-sunken"
        onClick={run("zoom100")}
      >
        {zoom} %
      </button>
      <IconButton label={t.zoomIn} data-testid="zoom_in" onClick={run("zoomIn")}>
        <ZoomIn size={16} aria-hidden="true" />
      </IconButton>
      <IconButton label={withKeys(t.fitIntoView, "fit")} data-testid="fit_view" onClick={run("fit")}>
        <Maximize size={16} aria-hidden="true" />
      </IconButton>
      <IconButton label={t.addANote} data-testid="canvas-add-note-button" onClick={run("note")}>
        <StickyNote size={16} aria-hidden="true" />
      </IconButton>
      <IconButton label={t.tidyUp} data-testid="tidy-up-button" onClick={run("tidy")}>
        <AlignVerticalDistributeCenter size={16} aria-hidden="true" />
      </IconButton>
      <IconButton label={t.minimiseOrExpandAll} data-testid="canvas_controls_minimize_all" onClick={run("minimiseAll")}>
        <Minimize2 size={16} aria-hidden="true" />
      </IconButton>
      <IconButton
        label={t.map}
        aria-pressed={minimap}
        className={cn(minimap && "text-accent")}
        onClick={run("minimap")}
      >
        <MapIcon size={16} aria-hidden="true" />
      </IconButton>
      <IconButton
        label={withKeys(t.inspector, "inspector")}
        aria-pressed={inspector}
        className={cn(inspector && "text-accent")}
        onClick={() => useView.setState({ inspector: !inspector })}
      >
        <PanelRight size={16} aria-hidden="true" />
      </IconButton>
    </div>
  );
}
