import { useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Copy, Download, Ellipsis, Pencil, Trash2, Workflow } from "lucide-react";
import { useState } from "react";
import { api, describe } from "@/api/client";
import { downloadFlows } from "@/api/download";
import type { Schemas } from "@/api/server";
import type { Flow, FlowHeader } from "@/api/types";
import { toast } from "@/stores/toast";
import { IconButton } from "@/ui/button";
import { Menu } from "@/ui/menu";
import { cn } from "@/util/cn";
import { ago, duration, longTime } from "@/util/time";
import { tintOf } from "@/util/tint";
import { FlowDetailsDialog } from "./flow-details-dialog";
import { t } from "./messages";
import { createFlow, DRAGGED_FLOWS } from "./use-flows";

export type LastRun = Schemas["RunRead"];

export interface FlowCardProps {
  flow: FlowHeader;
  lastRun: LastRun | undefined;
  grid: boolean;
  selected: boolean;
  onSelect: () => void;
  onDelete: () => void;
  /** Ids of the flows that a drag of this card takes along. */
  onDrag: () => string[];
}

export function FlowCard({ flow, lastRun, grid, selected, onSelect, onDelete, onDrag }: FlowCardProps) {
  const [edited, setEdited] = useState<Flow>();
  const queries = useQueryClient();
  const duplicate = async () => {
    try {
      const full = await api<Flow>(`/api/v1/flows/${flow.id}`);
      await createFlow({
        name: full.name,
        description: full.description,
        data: full.data,
        folder_id: full.folder_id ?? undefined,
        tags: full.tags,
      });
      await queries.invalidateQueries({ queryKey: ["flows"] });
      toast.ok(t.duplicated(flow.name));
    } catch (error) {
      toast.error(describe(error));
    }
  };
  const edit = async () => {
    try {
      setEdited(await api<Flow>(`/api/v1/flows/${flow.id}`));
    } catch (error) {
      toast.error(describe(error));
    }
  };
  return (
    <li
      data-testid="list-card"
      draggable
      onDragStart={(event) => event.dataTransfer.setData(DRAGGED_FLOWS, JSON.stringify(onDrag()))}
      className={cn(
        "group relative flex items-center gap-3 rounded-xl border bg-surface px-3 py-2.5 hover:border-line-strong",
        grid && "flex-col items-stretch",
        selected ? "border-accent" : "border-line",
      )}
    >
      <div className="flex min-w-0 flex-1 items-center gap-3">
        <input
          type="checkbox"
          data-testid={`checkbox-${flow.id}`}
          aria-label={t.select(flow.name)}
          checked={selected}
          onChange={onSelect}
          className="relative z-10 h-4 w-4 shrink-0 accent-[var(--accent)]"
        />
        <span
          aria-hidden="true"
          className="tinted grid h-8 w-8 shrink-0 place-items-center rounded-lg"
          style={{ "--tint": tintOf(flow.id) }}
        >
          <Workflow size={17} />
        </span>
        <div className={cn("min-w-0 flex-1", grid && "pr-8")}>
          <Link
            to="/flow/$flowId"
            params={{ flowId: flow.id }}
            data-testid={`flow-name-${flow.id}`}
            className="block truncate font-medium after:absolute after:inset-0"
          >
            {flow.name}
          </Link>
          {flow.description ? (
            <p className={cn("text-[13px] text-ink-soft", grid ? "line-clamp-2" : "truncate")}>{flow.description}</p>
          ) : null}
          <p className="flex flex-wrap gap-x-3 text-[13px] text-ink-soft">
            <span title={longTime(flow.updated_at)}>{t.edited(ago(flow.updated_at))}</span>
            {lastRun ? <RunMark run={lastRun} /> : null}
          </p>
        </div>
      </div>
      <div className={cn("z-10", grid ? "absolute right-2 top-2" : "relative")}>
        <Menu
          trigger={
            <IconButton label={t.moreFor(flow.name)} data-testid="home-dropdown-menu">
              <Ellipsis size={16} aria-hidden="true" />
            </IconButton>
          }
          items={[
            {
              label: t.editDetails,
              icon: <Pencil size={15} />,
              testId: "btn-edit-flow",
              onSelect: () => void edit(),
            },
            {
              label: t.download,
              icon: <Download size={15} />,
              testId: "btn-download-json",
              onSelect: () => void downloadFlows([flow]),
            },
            {
              label: t.duplicate,
              icon: <Copy size={15} />,
              testId: "btn-duplicate-flow",
              onSelect: () => void duplicate(),
            },
            {
              label: t.deleteText,
              icon: <Trash2 size={15} />,
              testId: "btn_delete_dropdown_menu",
              danger: true,
              line: true,
              onSelect: onDelete,
            },
          ]}
        />
      </div>
      {edited ? <FlowDetailsDialog flow={edited} onClose={() => setEdited(undefined)} /> : null}
    </li>
  );
}

const runWords: Record<string, string> = {
  completed: t.ran,
  failed: t.failed,
  cancelled: t.stopped,
  timed_out: t.timedOut,
  queued: t.waitingSince,
  in_progress: t.runningSince,
  suspended: t.pausedSince,
};

/** When the flow ran last, and how that ended. */
function RunMark({ run }: { run: LastRun }) {
  const isBad = run.status === "failed" || run.status === "timed_out";
  const took = typeof run.duration_ms === "number" ? t.inTime(duration(run.duration_ms / 1000)) : "";
  return (
    <span
      data-testid="last-run"
      className={cn("flex items-center gap-1.5", isBad && "text-danger")}
      title={run.error ?? longTime(run.created_at)}
    >
      <span
        aria-hidden="true"
        className={cn(
          "h-2 w-2 rounded-full",
          isBad ? "bg-danger" : run.status === "completed" ? "bg-ok" : "bg-line-strong",
        )}
      />
      {runWords[run.status] ?? run.status} {ago(run.created_at)}
      {took}
    </span>
  );
}
