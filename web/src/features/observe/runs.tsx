import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { headersQuery, runsQuery } from "@/api/queries";
import type { Schemas } from "@/api/server";
import { Dialog } from "@/ui/dialog";
import { Select } from "@/ui/form";
import { Pager } from "@/ui/pager";
import { Records } from "@/ui/records";
import { cn } from "@/util/cn";
import { ago, duration, longTime } from "@/util/time";
import { t } from "./messages";
import { TraceView } from "./trace-view";

const SIZE = 25;

type Run = Schemas["RunRead"];

/** What ran, how long it took and how it ended. */
export default function Runs() {
  const [flowId, setFlowId] = useState("");
  const [page, setPage] = useState(0);
  const [picked, setPicked] = useState<Run>();
  const flows = useQuery(headersQuery).data ?? [];
  const runs = useQuery({ ...runsQuery(flowId || undefined, page + 1, SIZE), placeholderData: keepPreviousData });
  const nameOf = (run: Run) => flows.find((flow) => flow.id === run.flow_id)?.name;
  return (
    <div className="grid gap-4">
      <p className="text-sm text-ink-soft">{t.runsOfYourFlowsBy}</p>
      <Select
        aria-label={t.flow}
        data-testid="runs-flow"
        className="max-w-sm"
        value={flowId}
        onChange={(event) => {
          setFlowId(event.target.value);
          setPage(0);
        }}
      >
        <option value="">{t.allFlows}</option>
        {flows
          .filter((flow) => !flow.is_component)
          .map((flow) => (
            <option key={flow.id} value={flow.id}>
              {flow.name}
            </option>
          ))}
      </Select>
      <Records
        label={t.runs}
        loading={runs}
        rows={runs.data?.items ?? []}
        keyOf={(run) => run.id}
        empty={t.nothingHasRunYet}
        columns={[
          {
            key: "time",
            title: t.time,
            className: "whitespace-nowrap",
            cell: (run) => (
              <button
                type="button"
                className="font-medium text-accent underline"
                title={longTime(run.created_at)}
                aria-label={t.theRunOf(nameOf(run) ?? t.aDeletedFlow, ago(run.created_at))}
                onClick={() => setPicked(run)}
              >
                {ago(run.created_at)}
              </button>
            ),
          },
          { key: "flow", title: t.flow, cell: (run) => <FlowName run={run} name={nameOf(run)} /> },
          {
            key: "status",
            title: t.status,
            cell: (run) => (
              <span
                className={cn(
                  "block max-w-64",
                  run.status === "completed" && "text-ok",
                  (run.status === "failed" || run.status === "timed_out") && "text-danger",
                )}
                title={run.error ?? undefined}
              >
                <span className="flex items-center gap-1.5">
                  <span aria-hidden="true" className="h-2 w-2 shrink-0 rounded-full bg-current" />
                  {run.status.replaceAll("_", " ")}
                </span>
                {run.error ? <span className="line-clamp-2 text-xs text-ink-soft">{run.error}</span> : null}
              </span>
            ),
          },
          {
            key: "took",
            title: t.duration,
            className: "whitespace-nowrap tabular-nums",
            cell: (run) => (typeof run.duration_ms === "number" ? duration(run.duration_ms / 1000) : "—"),
          },
          { key: "tokens", title: t.tokens, className: "tabular-nums", cell: (run) => run.total_tokens },
          { key: "kind", title: t.startedBy, cell: (run) => run.kind },
          {
            key: "session",
            title: t.session,
            cell: (run) => <span className="block max-w-32 truncate">{run.session_id}</span>,
          },
        ]}
      />
      <Pager page={page} size={SIZE} total={runs.data?.total ?? 0} noun={[t.run, t.runs2]} onPage={setPage} />
      {picked ? (
        <Dialog
          open
          onClose={() => setPicked(undefined)}
          size="xl"
          title={nameOf(picked) ?? t.deletedFlow}
          description={picked.error ?? undefined}
        >
          <TraceView id={picked.id} />
        </Dialog>
      ) : null}
    </div>
  );
}

function FlowName({ run, name }: { run: Run; name: string | undefined }) {
  // Visitors of a shared playground run a copy of the flow, with an id of its own.
  if (!name) return <span className="text-ink-soft">{run.kind === "public" ? t.sharedPlayground : t.deleted}</span>;
  return (
    <Link to="/flow/$flowId" params={{ flowId: run.flow_id }} className="hover:underline">
      {name}
    </Link>
  );
}
