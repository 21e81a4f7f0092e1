import { useQuery } from "@tanstack/react-query";
import { ChevronLeft } from "lucide-react";
import { useState } from "react";
import { describe } from "@/api/client";
import { traceQuery, tracesQuery } from "@/api/queries";
import type { Span } from "@/api/types";
import { useEditor } from "@/stores/editor";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { Failed, Skeleton } from "@/ui/skeleton";
import { Table } from "@/ui/table";
import { cn } from "@/util/cn";
import { asText } from "@/util/json";
import { ago, duration, longTime, parseTime } from "@/util/time";

export default function TracesDialog({ onClose }: { onClose: () => void }) {
  const flowId = useEditor((state) => state.meta?.id) ?? "";
  const [picked, setPicked] = useState<string>();
  const traces = useQuery(tracesQuery(flowId));
  return (
    <Dialog open onClose={onClose} size="xl" title="Traces" testId="flow-insights-embedded">
      {picked ? (
        <Detail id={picked} onBack={() => setPicked(undefined)} />
      ) : traces.isPending ? (
        <Skeleton rows={4} />
      ) : traces.isError ? (
        <Failed text={describe(traces.error)} retry={() => void traces.refetch()} />
      ) : traces.data.traces.length === 0 ? (
        <p className="py-8 text-center text-ink-soft">No runs yet.</p>
      ) : (
        <Table
          label="Runs of this flow"
          rows={traces.data.traces}
          keyOf={(trace) => trace.id}
          columns={[
            {
              key: "time",
              title: "Time",
              className: "whitespace-nowrap",
              cell: (trace) => (
                <button
                  type="button"
                  className="font-medium text-accent underline"
                  title={longTime(trace.startTime)}
                  onClick={() => setPicked(trace.id)}
                >
                  {ago(trace.startTime)}
                </button>
              ),
            },
            {
              key: "status",
              title: "Status",
              cell: (trace) => (
                <span className={trace.status === "error" ? "text-danger" : "text-ok"}>{trace.status}</span>
              ),
            },
            {
              key: "latency",
              title: "Duration",
              cell: (trace) => duration(trace.totalLatencyMs / 1000),
              className: "whitespace-nowrap tabular-nums",
            },
            { key: "tokens", title: "Tokens", cell: (trace) => trace.totalTokens, className: "tabular-nums" },
            {
              key: "session",
              title: "Session",
              cell: (trace) => <span className="block max-w-40 truncate">{trace.sessionId}</span>,
            },
            {
              key: "input",
              title: "Input",
              cell: (trace) => <span className="line-clamp-2">{asText(trace.input)}</span>,
            },
          ]}
        />
      )}
    </Dialog>
  );
}

function Detail({ id, onBack }: { id: string; onBack: () => void }) {
  const trace = useQuery(traceQuery(id));
  return (
    <div className="grid gap-3" data-testid="trace-detail-view">
      <Button size="sm" className="justify-self-start" onClick={onBack}>
        <ChevronLeft size={15} aria-hidden="true" /> All runs
      </Button>
      {trace.isPending ? <Skeleton rows={3} /> : null}
      {trace.isError ? <Failed text={describe(trace.error)} /> : null}
      {trace.data ? (
        <div data-testid="span-tree" className="grid gap-1">
          {trace.data.spans.map((span) => (
            <SpanRow
              key={span.id}
              span={span}
              depth={0}
              start={parseTime(trace.data.startTime)?.getTime() ?? 0}
              total={Math.max(1, trace.data.totalLatencyMs)}
            />
          ))}
        </div>
      ) : null}
    </div>
  );
}

/** One step with its bar in the waterfall. */
function SpanRow({ span, depth, start, total }: { span: Span; depth: number; start: number; total: number }) {
  const from = Math.max(0, ((parseTime(span.startTime)?.getTime() ?? start) - start) / total) * 100;
  const width = Math.max(0.5, Math.min(100 - from, (span.latencyMs / total) * 100));
  return (
    <>
      <details
        data-testid={`span-node-${span.id}`}
        className="rounded-lg border border-line"
        style={{ marginLeft: depth * 16 }}
      >
        <summary className="flex list-none items-center gap-3 px-3 py-1.5 text-[13px]">
          <span className={cn("w-48 shrink-0 truncate font-medium", span.status === "error" && "text-danger")}>
            {span.name}
          </span>
          <span className="w-16 shrink-0 text-ink-soft">{span.type}</span>
          <span aria-hidden="true" className="relative h-2 min-w-16 flex-1 rounded bg-sunken">
            <span
              className={cn("absolute inset-y-0 rounded", span.status === "error" ? "bg-danger" : "bg-accent")}
              style={{ left: `${from}%`, width: `${width}%` }}
            />
          </span>
          <span className="w-20 shrink-0 text-right tabular-nums">{duration(span.latencyMs / 1000)}</span>
        </summary>
        <div data-testid="span-detail" className="grid gap-2 border-t border-line p-3 text-[13px]">
          {span.error ? <p className="text-danger">{span.error}</p> : null}
          {span.modelName ? <p className="text-ink-soft">Model: {span.modelName}</p> : null}
          <pre className="max-h-60 overflow-auto whitespace-pre-wrap">
            {JSON.stringify({ inputs: span.inputs, outputs: span.outputs, tokens: span.tokenUsage }, null, 2)}
          </pre>
        </div>
      </details>
      {span.children.map((child) => (
        <SpanRow key={child.id} span={child} depth={depth + 1} start={start} total={total} />
      ))}
    </>
  );
}
