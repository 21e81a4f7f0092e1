import { useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Copy, Download, Ellipsis, Pencil, Trash2, Workflow } from "lucide-react";
import { useState } from "react";
import { api, describe } from "@/api/client";
import { downloadFlows } from "@/api/download";
import type { Flow } from "@/api/types";
import { toast } from "@/stores/toast";
import { IconButton } from "@/ui/button";
import { Menu } from "@/ui/menu";
import { cn } from "@/util/cn";
import { ago, longTime } from "@/util/time";
import { FlowDetailsDialog } from "./flow-details-dialog";
import { createFlow } from "./use-flows";

export interface FlowCardProps {
  flow: Flow;
  grid: boolean;
  selected: boolean;
  onSelect: () => void;
  onDelete: () => void;
}

export function FlowCard({ flow, grid, selected, onSelect, onDelete }: FlowCardProps) {
  const [isEdited, setIsEdited] = useState(false);
  const queries = useQueryClient();
  const duplicate = async () => {
    try {
      const full = flow.data ? flow : await api<Flow>(`/api/v1/flows/${flow.id}`);
      await createFlow({
        name: full.name,
        description: full.description,
        data: full.data,
        folder_id: full.folder_id ?? undefined,
        tags: full.tags,
      });
      await queries.invalidateQueries({ queryKey: ["projects"] });
      toast.ok(`“${flow.name}” duplicated.`);
    } catch (error) {
      toast.error(describe(error));
    }
  };
  return (
    <li
      data-testid="list-card"
      draggable
      onDragStart={(event) => event.dataTransfer.setData("application/x-langflow-flow", flow.id)}
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
          aria-label={`Select ${flow.name}`}
          checked={selected}
          onChange={onSelect}
          className="relative z-10 h-4 w-4 shrink-0 accent-[var(--accent)]"
        />
        <span
          aria-hidden="true"
          className="grid h-8 w-8 shrink-0 place-items-center rounded-lg bg-accent-soft text-accent"
        >
          <Workflow size={17} />
        </span>
        <div className="min-w-0 flex-1">
          <Link
            to="/flow/$flowId"
            params={{ flowId: flow.id }}
            data-testid={`flow-name-${flow.id}`}
            className="block truncate font-medium after:absolute after:inset-0"
          >
            {flow.name}
          </Link>
          <p className="truncate text-[13px] text-ink-soft" title={longTime(flow.updated_at)}>
            Edited {ago(flow.updated_at)}
            {flow.description ? ` · ${flow.description}` : ""}
          </p>
        </div>
      </div>
      <div className="relative z-10 self-end md:self-auto">
        <Menu
          trigger={
            <IconButton label={`More for ${flow.name}`} data-testid="home-dropdown-menu">
              <Ellipsis size={16} aria-hidden="true" />
            </IconButton>
          }
          items={[
            {
              label: "Edit details",
              icon: <Pencil size={15} />,
              testId: "btn-edit-flow",
              onSelect: () => setIsEdited(true),
            },
            {
              label: "Download",
              icon: <Download size={15} />,
              testId: "btn-download-json",
              onSelect: () => void downloadFlows([flow]),
            },
            {
              label: "Duplicate",
              icon: <Copy size={15} />,
              testId: "btn-duplicate-flow",
              onSelect: () => void duplicate(),
            },
            {
              label: "Delete",
              icon: <Trash2 size={15} />,
              testId: "btn_delete_dropdown_menu",
              danger: true,
              line: true,
              onSelect: onDelete,
            },
          ]}
        />
      </div>
      {isEdited ? <FlowDetailsDialog flow={flow} onClose={() => setIsEdited(false)} /> : null}
    </li>
  );
}
