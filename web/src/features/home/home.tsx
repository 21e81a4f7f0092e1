import { useQuery } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { type DragEvent, useDeferredValue, useState } from "react";
import { downloadFlows } from "@/api/download";
import { headersQuery, latestRunsQuery, projectsQuery } from "@/api/queries";
import type { FlowHeader } from "@/api/types";
import { useSelection } from "@/hooks/use-selection";
import { useStoredFlag } from "@/hooks/use-stored-flag";
import { Button } from "@/ui/button";
import { Pager } from "@/ui/pager";
import { Failed, Skeleton } from "@/ui/skeleton";
import { cn } from "@/util/cn";
import { describe } from "@/util/describe";
import { FlowCard, type LastRun } from "./flow-card";
import { FlowToolbar } from "./flow-toolbar";
import { t } from "./messages";
import { FIRST_CHAT, NewFlowDialog } from "./new-flow-dialog";
import { countFlows, ProjectList } from "./project-list";
import { ProjectTabs } from "./project-tabs";
import { type Sort, sortFlows } from "./sort-flows";
import { useDeleteFlows, useMoveFlows, useUpload } from "./use-flows";

const PAGE_SIZE = 24;
/** As many flows as the server tells the last runs of at once. */
const MOST_RUNS = 200;

export function Home({ projectId }: { projectId: string | undefined }) {
  const projects = useQuery(projectsQuery);
  const project = projects.data?.find((candidate) => candidate.id === projectId) ?? projects.data?.[0];
  const headers = useQuery(headersQuery);
  const [search, setSearch] = useState("");
  const [page, setPage] = useState(0);
  const [grid, setGrid] = useStoredFlag("langflow-home-grid");
  const [sort, setSort] = useState<Sort>("edited");
  const [fresh, setFresh] = useState<"list" | typeof FIRST_CHAT>();
  const [over, setOver] = useState(false);
  const selection = useSelection();
  const wanted = useDeferredValue(search.trim().toLowerCase());
  const { remove, hidden } = useDeleteFlows();
  const move = useMoveFlows();
  const upload = useUpload(project?.id);

  const own = (headers.data ?? []).filter(
    (flow) => flow.folder_id === project?.id && !flow.is_component && !hidden.has(flow.id),
  );
  const runs = useQuery(latestRunsQuery(own.slice(0, MOST_RUNS).map((flow) => flow.id)));
  const lastRuns = new Map<string, LastRun>((runs.data ?? []).map((run) => [run.flow_id, run]));
  const matching = own.filter((flow) => `${flow.name} ${flow.description ?? ""}`.toLowerCase().includes(wanted));
  const found = sortFlows(matching, sort, lastRuns);
  const shown = found.slice(page * PAGE_SIZE, (page + 1) * PAGE_SIZE);
  const chosen = found.filter((flow) => selection.has(flow.id));

  const drop = (event: DragEvent) => {
    setOver(false);
    if (event.dataTransfer.files.length === 0) return;
    event.preventDefault();
    void upload([...event.dataTransfer.files]);
  };
  const removeChosen = () => {
    remove(chosen);
    selection.clear();
  };
  const moveChosen = (to: { id: string; name: string }) => {
    void move(chosen, to);
    selection.clear();
  };
  /** What a drag of one card takes along: the whole choice when the card belongs to it. */
  const dragged = (flow: FlowHeader) => (selection.has(flow.id) ? chosen : [flow]);

  return (
    <div className="flex h-full flex-col md:flex-row">
      <ProjectList
        projects={projects.data}
        counts={countFlows(headers.data)}
        current={project?.id}
        onUpload={upload}
        onMove={(ids, to) => {
          const flows = (headers.data ?? []).filter((flow) => ids.includes(flow.id));
          void move(flows, to);
          selection.clear();
        }}
      />
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
          <div className="mb-3 flex items-center justify-between gap-3">
            <h1 data-testid="mainpage_title" className="min-w-0 break-words text-xl font-semibold">
              {project?.name ?? t.projects}
            </h1>
            <Button
              look="primary"
              data-testid="new-project-btn"
              id="new-project-btn"
              onClick={() => setFresh("list")}
              disabled={!project}
            >
              <Plus size={16} aria-hidden="true" /> {t.newFlow}
            </Button>
          </div>
          {project ? <ProjectTabs projectId={project.id} /> : null}
          <FlowToolbar
            search={search}
            onSearch={(text) => {
              setSearch(text);
              setPage(0);
            }}
            sort={sort}
            onSort={setSort}
            grid={grid}
            onGrid={setGrid}
            chosen={chosen.length}
            projects={(projects.data ?? []).filter((other) => other.id !== project?.id)}
            onDownload={() => void downloadFlows(chosen)}
            onMove={moveChosen}
            onDelete={removeChosen}
          />
          {projects.isError || headers.isError ? (
            <Failed
              text={describe(projects.error ?? headers.error)}
              retry={() => void (projects.isError ? projects.refetch() : headers.refetch())}
            />
          ) : headers.isPending || projects.isPending ? (
            <Skeleton rows={6} label={t.loadingFlows} />
          ) : found.length === 0 ? (
            <Empty searched={search.trim()} onNew={() => setFresh("list")} onChat={() => setFresh(FIRST_CHAT)} />
          ) : (
            <ul className={cn("grid gap-2", grid && "gap-3 sm:grid-cols-2 lg:grid-cols-3")}>
              {shown.map((flow) => (
                <FlowCard
                  key={flow.id}
                  flow={flow}
                  lastRun={lastRuns.get(flow.id)}
                  grid={grid}
                  selected={selection.has(flow.id)}
                  onSelect={() => selection.toggle(flow.id)}
                  onDelete={() => remove([flow])}
                  onDrag={() => dragged(flow).map((other) => other.id)}
                />
              ))}
            </ul>
          )}
          {found.length > PAGE_SIZE ? (
            <div className="mt-4">
              <Pager page={page} size={PAGE_SIZE} total={found.length} noun={[t.flow, t.flows]} onPage={setPage} />
            </div>
          ) : null}
        </div>
      </main>
      {fresh && project ? (
        <NewFlowDialog projectId={project.id} start={fresh} onClose={() => setFresh(undefined)} />
      ) : null}
    </div>
  );
}

function Empty({ searched, onNew, onChat }: { searched: string; onNew: () => void; onChat: () => void }) {
  if (searched) return <p className="py-10 text-center text-ink-soft">{t.noFlowOfThisProject(searched)}</p>;
  return (
    <div className="grid justify-items-center gap-3 rounded-xl border border-dashed border-line px-4 py-14 text-center">
      <h2 className="text-lg font-semibold">{t.nothingHereYet}</h2>
      <p className="max-w-sm text-ink-soft">{t.talkToAModelAt}</p>
      <div className="flex flex-wrap justify-center gap-2">
        <Button look="primary" data-testid="try-chat-button" onClick={onChat}>
          {t.tryAChat}
        </Button>
        <Button data-testid="new_project_btn_empty_page" onClick={onNew}>
          <Plus size={16} aria-hidden="true" /> {t.createTheFirstFlow}
        </Button>
      </div>
    </div>
  );
}
