import { useQuery } from "@tanstack/react-query";
import { Download, LayoutGrid, List, Plus, Search, Trash2 } from "lucide-react";
import { type DragEvent, useDeferredValue, useState } from "react";
import { describe } from "@/api/client";
import { downloadFlows } from "@/api/download";
import { projectPageQuery, projectsQuery } from "@/api/queries";
import type { Flow } from "@/api/types";
import { Button, IconButton } from "@/ui/button";
import { Input, Select } from "@/ui/form";
import { Failed, Skeleton } from "@/ui/skeleton";
import { cn } from "@/util/cn";
import { FlowCard } from "./flow-card";
import { NewFlowDialog } from "./new-flow-dialog";
import { ProjectList } from "./project-list";
import { useDeleteFlows, useUpload } from "./use-flows";

const PAGE_SIZE = 24;

const sorts = {
  edited: {
    label: "Last edited",
    compare: (a: Flow, b: Flow) => (b.updated_at ?? "").localeCompare(a.updated_at ?? ""),
  },
  name: { label: "Name", compare: (a: Flow, b: Flow) => a.name.localeCompare(b.name) },
} as const;

type Sort = keyof typeof sorts;

export function Home({ projectId }: { projectId: string | undefined }) {
  const projects = useQuery(projectsQuery);
  const project = projects.data?.find((candidate) => candidate.id === projectId) ?? projects.data?.[0];
  const [search, setSearch] = useState("");
  const [page, setPage] = useState(1);
  const [grid, setGrid] = useStoredFlag("langflow-home-grid");
  const [sort, setSort] = useState<Sort>("edited");
  const [isNew, setIsNew] = useState(false);
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [over, setOver] = useState(false);
  const wanted = useDeferredValue(search);
  const flows = useQuery(projectPageQuery(project?.id, page, PAGE_SIZE, wanted));
  const { remove, hidden } = useDeleteFlows();
  const upload = useUpload(project?.id);
  const found = (flows.data?.flows.items ?? []).filter((flow) => !hidden.has(flow.id)).toSorted(sorts[sort].compare);
  const pages = flows.data?.flows.pages ?? 1;

  const drop = (event: DragEvent) => {
    setOver(false);
    if (event.dataTransfer.files.length === 0) return;
    event.preventDefault();
    void upload([...event.dataTransfer.files]);
  };
  const toggle = (id: string) => {
    const next = new Set(selected);
    if (!next.delete(id)) next.add(id);
    setSelected(next);
  };
  const chosen = found.filter((flow) => selected.has(flow.id));

  return (
    <div className="flex h-full flex-col md:flex-row">
      <ProjectList projects={projects.data} current={project?.id} onUpload={upload} />
      <main
        className={cn(
          "relative min-w-0 flex-1 overflow-y-auto p-4 md:p-6",
          over && "outline-2 -outline-offset-8 outline-dashed outline-accent",
        )}
        onDragOver={(event) => {
          if (!event.dataTransfer.types.includes("Files")) return;
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={drop}
      >
        <div className="mx-auto max-w-5xl">
          <div className="mb-4 flex flex-wrap items-center justify-between gap-3">
            <h1 data-testid="mainpage_title" className="text-xl font-semibold">
              {project?.name ?? "Projects"}
            </h1>
            <Button
              look="primary"
              data-testid="new-project-btn"
              id="new-project-btn"
              onClick={() => setIsNew(true)}
              disabled={!project}
            >
              <Plus size={16} aria-hidden="true" /> New Flow
            </Button>
          </div>
          <div className="mb-4 flex flex-wrap items-center gap-2">
            <div className="relative min-w-48 flex-1">
              <Search size={15} aria-hidden="true" className="absolute left-2.5 top-2.5 text-ink-soft" />
              <Input
                type="search"
                data-testid="search-store-input"
                aria-label="Search flows"
                placeholder="Search flows…"
                className="pl-8"
                value={search}
                onChange={(event) => {
                  setSearch(event.target.value);
                  setPage(1);
                }}
              />
            </div>
            <Select
              aria-label="Sort by"
              className="w-36"
              value={sort}
              onChange={(event) => setSort(event.target.value === "name" ? "name" : "edited")}
            >
              {Object.entries(sorts).map(([key, { label }]) => (
                <option key={key} value={key}>
                  {label}
                </option>
              ))}
            </Select>
            <div className="flex">
              <IconButton
                label="As a list"
                aria-pressed={!grid}
                className={cn(!grid && "bg-sunken")}
                onClick={() => setGrid(false)}
              >
                <List size={16} aria-hidden="true" />
              </IconButton>
              <IconButton
                label="As a grid"
                aria-pressed={grid}
                className={cn(grid && "bg-sunken")}
                onClick={() => setGrid(true)}
              >
                <LayoutGrid size={16} aria-hidden="true" />
              </IconButton>
            </div>
            {chosen.length > 0 ? (
              <>
                <Button size="sm" data-testid="download-bulk-btn" onClick={() => void downloadFlows(chosen)}>
                  <Download size={15} aria-hidden="true" /> Download {chosen.length}
                </Button>
                <Button
                  size="sm"
                  look="danger"
                  data-testid="delete-bulk-btn"
                  onClick={() => {
                    remove(chosen);
                    setSelected(new Set());
                  }}
                >
                  <Trash2 size={15} aria-hidden="true" /> Delete {chosen.length}
                </Button>
              </>
            ) : null}
          </div>
          {projects.isError || flows.isError ? (
            <Failed
              text={describe(projects.error ?? flows.error)}
              retry={() => void (projects.isError ? projects.refetch() : flows.refetch())}
            />
          ) : flows.isPending ? (
            <Skeleton rows={6} label="Loading flows" />
          ) : found.length === 0 ? (
            <Empty searched={wanted} onNew={() => setIsNew(true)} />
          ) : (
            <ul className={cn("grid gap-2", grid && "gap-3 sm:grid-cols-2 lg:grid-cols-3")}>
              {found.map((flow) => (
                <FlowCard
                  key={flow.id}
                  flow={flow}
                  grid={grid}
                  selected={selected.has(flow.id)}
                  onSelect={() => toggle(flow.id)}
                  onDelete={() => remove([flow])}
                />
              ))}
            </ul>
          )}
          {pages > 1 ? <Pager page={page} pages={pages} onPage={setPage} /> : null}
        </div>
      </main>
      {isNew && project ? <NewFlowDialog projectId={project.id} onClose={() => setIsNew(false)} /> : null}
    </div>
  );
}

function Empty({ searched, onNew }: { searched: string; onNew: () => void }) {
  if (searched)
    return <p className="py-10 text-center text-ink-soft">No flow of this project is called “{searched}”.</p>;
  return (
    <div className="grid justify-items-center gap-3 rounded-xl border border-dashed border-line py-14 text-center">
      <h2 className="text-lg font-semibold">Nothing here yet</h2>
      <p className="max-w-sm text-ink-soft">
        Start with an empty canvas or a template, or drop an exported flow anywhere on this page.
      </p>
      <Button look="primary" data-testid="new_project_btn_empty_page" onClick={onNew}>
        <Plus size={16} aria-hidden="true" /> Create the first flow
      </Button>
    </div>
  );
}

export function Pager({ page, pages, onPage }: { page: number; pages: number; onPage: (page: number) => void }) {
  return (
    <nav aria-label="Pages" className="mt-4 flex items-center justify-center gap-3 text-sm">
      <Button size="sm" disabled={page <= 1} onClick={() => onPage(page - 1)}>
        Back
      </Button>
      <span>
        Page {page} of {pages}
      </span>
      <Button size="sm" disabled={page >= pages} onClick={() => onPage(page + 1)}>
        Next
      </Button>
    </nav>
  );
}

function useStoredFlag(key: string): [boolean, (value: boolean) => void] {
  const [value, setValue] = useState(() => {
    try {
      return localStorage.getItem(key) === "1";
    } catch {
      return false;
    }
  });
  return [
    value,
    (next) => {
      setValue(next);
      try {
        localStorage.setItem(key, next ? "1" : "0");
      } catch {
        // Remembered for this page only.
      }
    },
  ];
}
