import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { Download, Ellipsis, FolderOpen, FolderPlus, Library, Pencil, Trash2, Upload } from "lucide-react";
import { type DragEvent, useRef, useState } from "react";
import { api, describe } from "@/api/client";
import { downloadProject } from "@/api/download";
import type { FlowHeader, Project } from "@/api/types";
import { confirm } from "@/stores/confirm";
import { toast } from "@/stores/toast";
import { Button, IconButton } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { Input, Labelled } from "@/ui/form";
import { Menu } from "@/ui/menu";
import { Notice } from "@/ui/notice";
import { Skeleton } from "@/ui/skeleton";
import { cn } from "@/util/cn";
import { t } from "./messages";
import { DRAGGED_FLOWS, readDragged } from "./use-flows";

export interface ProjectListProps {
  projects: Project[] | undefined;
  current: string | undefined;
  /** How many flows each has. */
  counts?: ReadonlyMap<string, number>;
  onUpload: (files: File[]) => Promise<void>;
  /** Flows were dropped on a project. */
  onMove?: (flowIds: string[], to: Project) => void;
}

export function ProjectList({ projects, counts, current, onUpload, onMove }: ProjectListProps) {
  const [named, setNamed] = useState<Project | "new">();
  const picker = useRef<HTMLInputElement>(null);
  return (
    <aside
      data-testid="project-sidebar"
      aria-label={t.projects}
      className={cn(
        "flex w-full shrink-0 flex-wrap items-center gap-x-2 border-b border-line bg-surface p-2",
        "md:w-60 md:flex-col md:flex-nowrap md:items-stretch md:border-b-0 md:border-r md:p-3",
      )}
    >
      <div className="order-2 flex items-center justify-between md:order-none md:mb-2">
        <h2 className="sr-only text-[13px] md:not-sr-only font-semibold text-ink-soft">{t.projects}</h2>
        <span className="flex">
          <input
            ref={picker}
            type="file"
            multiple
            accept=".json,.zip"
            hidden
            aria-label={t.flowOrProjectFiles}
            onChange={(event) => {
              void onUpload([...(event.target.files ?? [])]);
              event.target.value = "";
            }}
          />
          <IconButton
            label={t.uploadAFlowOrProject}
            data-testid="upload-project-button"
            onClick={() => picker.current?.click()}
          >
            <Upload size={16} aria-hidden="true" />
          </IconButton>
          <IconButton label={t.newProject} data-testid="add-project-button" onClick={() => setNamed("new")}>
            <FolderPlus size={16} aria-hidden="true" />
          </IconButton>
        </span>
      </div>
      {projects ? (
        <ul className="order-1 flex min-w-0 flex-1 gap-1 overflow-x-auto md:order-none md:flex-none md:flex-col">
          {projects.map((project) => (
            <ProjectRow
              key={project.id}
              project={project}
              isCurrent={project.id === current}
              count={counts?.get(project.id) ?? 0}
              isLast={projects.length === 1}
              onMove={onMove}
              onRename={() => setNamed(project)}
            />
          ))}
        </ul>
      ) : (
        <Skeleton rows={2} />
      )}
      <div className="order-3 flex w-full gap-1 pt-1 md:order-none md:mt-auto md:flex-col">
        <Link to="/assets/knowledge-bases" className={placeLook}>
          <Library size={16} aria-hidden="true" /> {t.knowledge}
        </Link>
        <Link to="/assets/files" className={placeLook}>
          <FolderOpen size={16} aria-hidden="true" /> {t.myFiles}
        </Link>
      </div>
      {named ? (
        <ProjectDialog project={named === "new" ? undefined : named} onClose={() => setNamed(undefined)} />
      ) : null}
    </aside>
  );
}

const placeLook =
  "flex items-center gap-2 rounded-lg px-2 py-2 text-sm hover:bg-sunken data-[status=active]:bg-sunken " +
  "data-[status=active]:font-medium";

/** How many flows each project has. */
export function countFlows(flows: FlowHeader[] | undefined): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const flow of flows ?? []) {
    if (flow.folder_id && !flow.is_component) counts.set(flow.folder_id, (counts.get(flow.folder_id) ?? 0) + 1);
  }
  return counts;
}

/** On a phone the projects are a row that is longer than the screen. */
const intoView = (item: HTMLElement | null) => item?.scrollIntoView({ block: "nearest", inline: "center" });

interface RowProps {
  project: Project;
  isCurrent: boolean;
  count: number;
  isLast: boolean;
  onMove: ProjectListProps["onMove"];
  onRename: () => void;
}

function ProjectRow({ project, isCurrent, count, isLast, onMove, onRename }: RowProps) {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const [over, setOver] = useState(false);
  const move = (event: DragEvent) => {
    const ids = readDragged(event.dataTransfer.getData(DRAGGED_FLOWS));
    setOver(false);
    if (ids.length === 0) return;
    event.preventDefault();
    onMove?.(ids, project);
  };
  const remove = async () => {
    const yes = await confirm({
      title: t.deleteTheProject(project.name),
      text: t.deletedTooThisCannotBe(count === 1 ? t.itsFlowIs : t.itsFlowsAre(count)),
      yes: t.deleteProject,
      danger: true,
    });
    if (!yes) return;
    try {
      await api(`/api/v1/projects/${project.id}`, { method: "DELETE" });
      await queries.invalidateQueries({ queryKey: ["projects"] });
      if (isCurrent) void navigate({ to: "/flows" });
    } catch (error) {
      toast.error(describe(error));
    }
  };
  return (
    <li
      ref={isCurrent ? intoView : undefined}
      onDragOver={(event) => {
        if (!event.dataTransfer.types.includes(DRAGGED_FLOWS)) return;
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={move}
      className={cn(
        "flex shrink-0 items-center rounded-lg",
        isCurrent && "bg-sunken",
        over && "outline-2 outline-accent",
      )}
    >
      <Link
        to="/flows/folder/$projectId"
        params={{ projectId: project.id }}
        data-testid={`sidebar-nav-${project.id}`}
        aria-current={isCurrent ? "page" : undefined}
        title={project.name}
        className={cn("min-w-0 max-w-48 flex-1 truncate px-2 py-2 text-sm md:max-w-none", isCurrent && "font-medium")}
      >
        {project.name} <span className="text-xs text-ink-soft">{count}</span>
      </Link>
      <Menu
        trigger={
          <IconButton label={t.moreFor(project.name)} data-testid={`more-options-button_${project.id}`}>
            <Ellipsis size={15} aria-hidden="true" />
          </IconButton>
        }
        items={[
          { label: t.rename, icon: <Pencil size={15} />, testId: "btn-rename-project", onSelect: onRename },
          {
            label: t.download,
            icon: <Download size={15} />,
            testId: "btn-download-project",
            onSelect: () => void downloadProject(project.id, project.name),
          },
          {
            label: t.deleteText,
            icon: <Trash2 size={15} />,
            testId: "btn-delete-project",
            danger: true,
            disabled: isLast,
            onSelect: () => void remove(),
          },
        ]}
      />
    </li>
  );
}

function ProjectDialog({ project, onClose }: { project: Project | undefined; onClose: () => void }) {
  const [name, setName] = useState(project?.name ?? "");
  const queries = useQueryClient();
  const navigate = useNavigate();
  const save = useMutation({
    mutationFn: () =>
      project
        ? api<Project>(`/api/v1/projects/${project.id}`, { method: "PATCH", body: { name: name.trim() } })
        : api<Project>("/api/v1/projects/", { method: "POST", body: { name: name.trim(), description: "" } }),
    onSuccess: async (saved) => {
      await queries.invalidateQueries({ queryKey: ["projects"] });
      onClose();
      if (!project) void navigate({ to: "/flows/folder/$projectId", params: { projectId: saved.id } });
    },
  });
  return (
    <Dialog
      open
      onClose={onClose}
      title={project ? t.renameProject : t.newProject}
      footer={
        <>
          <Button onClick={onClose}>{t.cancel}</Button>
          <Button look="primary" type="submit" form="project-form" busy={save.isPending} disabled={!name.trim()}>
            {t.save}
          </Button>
        </>
      }
    >
      <form
        id="project-form"
        className="grid gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          if (name.trim()) save.mutate();
        }}
      >
        {save.isError ? <Notice tone="danger">{describe(save.error)}</Notice> : null}
        <Labelled label={t.name} required>
          {(ids) => <Input {...ids} autoFocus value={name} onChange={(event) => setName(event.target.value)} />}
        </Labelled>
      </form>
    </Dialog>
  );
}
