import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { describe } from "@/api/client";
import { tracesQuery } from "@/api/queries";
import { TraceView } from "@/features/observe/trace-view";
import { useEditor } from "@/stores/editor";
import { Dialog } from "@/ui/dialog";
import { Failed, Skeleton } from "@/ui/skeleton";
import { Table } from "@/ui/table";
import { asText } from "@/util/json";
import { ago, duration, longTime } from "@/util/time";
import { t } from "./messages";

export default function TracesDialog({ onClose }: { onClose: () => void }) {
  const flowId = useEditor((state) => state.meta?.id) ?? "";
  const [picked, setPicked] = useState<string>();
  const traces = useQuery(tracesQuery(flowId));
  return (
    <Dialog open onClose={onClose} size="xl" title={t.traces} testId="flow-insights-embedded">
      {picked ? (
        <TraceView id={picked} onBack={() => setPicked(undefined)} />
      ) : traces.isPending ? (
        <Skeleton rows={4} />
      ) : traces.isError ? (
        <Failed text={describe(traces.error)} retry={() => void traces.refetch()} />
      ) : traces.data.traces.length === 0 ? (
        <p className="py-8 text-center text-ink-soft">{t.noRunsYet}</p>
      ) : (
        <Table
          label={t.runsOfThisFlow}
          rows={traces.data.traces}
          keyOf={(trace) => trace.id}
          columns={[
            {
              key: "time",
              title: t.time,
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
              title: t.status,
              cell: (trace) => (
                <span className={trace.status === "error" ? "text-danger" : "text-ok"}>{trace.status}</span>
              ),
            },
            {
              key: "latency",
              title: t.duration,
              cell: (trace) => duration(trace.totalLatencyMs / 1000),
              className: "whitespace-nowrap tabular-nums",
            },
            { key: "tokens", title: t.tokens2, cell: (trace) => trace.totalTokens, className: "tabular-nums" },
            {
              key: "session",
              title: t.session,
              cell: (trace) => <span className="block max-w-40 truncate">{trace.sessionId}</span>,
            },
            {
              key: "input",
              title: t.input,
              cell: (trace) => <span className="line-clamp-2">{asText(trace.input)}</span>,
            },
          ]}
        />
      )}
    </Dialog>
  );
}
