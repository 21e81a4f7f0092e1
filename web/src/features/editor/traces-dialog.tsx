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

export default function TracesDialog({ onClose }: { onClose: () => void }) {
  const flowId = useEditor((state) => state.meta?.id) ?? "";
  const [picked, setPicked] = useState<string>();
  const traces = useQuery(tracesQuery(flowId));
  return (
    <Dialog open onClose={onClose} size="xl" title="Traces" testId="flow-insights-embedded">
      {picked ? (
        <TraceView id={picked} onBack={() => setPicked(undefined)} />
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
