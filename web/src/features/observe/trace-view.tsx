import { useQuery } from "@tanstack/react-query";
import { Bot, Box, ChevronLeft, Database, Wrench } from "lucide-react";
import { type ComponentType, useState } from "react";
import { traceQuery } from "@/api/queries";
import type { Span, TraceDetail } from "@/api/types";
import { readTokens, type SpanRow, spanRows } from "@/flow/spans";
import { Button } from "@/ui/button";
import { Check } from "@/ui/form";
import { Failed, Skeleton } from "@/ui/skeleton";
import { cn } from "@/util/cn";
import { describe } from "@/util/describe";
import { asText } from "@/util/json";
import { duration, longTime } from "@/util/time";
import { t } from "./messages";

/** A run: its figures, and its steps as a waterfall. */
export function TraceView({ id, onBack }: { id: string; onBack?: () => void }) {
  const trace = useQuery(traceQuery(id));
  return (
    <div className="grid gap-4" data-testid="trace-detail-view">
      {onBack ? (
        <Button size="sm" className="justify-self-start" onClick={onBack}>
          <ChevronLeft size={15} aria-hidden="true" /> {t.allRuns}
        </Button>
      ) : null}
      {trace.isPending ? <Skeleton rows={4} label={t.loadingTheRun} /> : null}
      {trace.isError ? <Failed text={describe(trace.error)} retry={() => void trace.refetch()} /> : null}
      {trace.data ? <Waterfall trace={trace.data} /> : null}
    </div>
  );
}

const CALLS = new Set(["llm", "tool", "embedding", "retriever"]);

function Waterfall({ trace }: { trace: TraceDetail }) {
  const [onlyCalls, setOnlyCalls] = useState(false);
  const all = spanRows(trace.spans, trace.startTime, trace.totalLatencyMs);
  const calls = all.filter(({ span }) => CALLS.has(span.type));
  const rows = onlyCalls ? calls : all;
  return (
    <>
      <dl className="grid grid-cols-2 gap-2 sm:grid-cols-4">
        <Figure
          name={t.status}
          value={trace.status === "error" ? "failed" : trace.status}
          isBad={trace.status === "error"}
        />
        <Figure name={t.duration} value={duration(trace.totalLatencyMs / 1000)} />
        <Figure name={t.tokens} value={String(trace.totalTokens)} />
        <Figure name={t.begun} value={longTime(trace.startTime)} />
      </dl>
      {calls.length > 0 && calls.length < all.length ? (
        <Check label={t.onlyCallsOfModelsAnd} checked={onlyCalls} onChange={setOnlyCalls} />
      ) : null}
      {rows.length === 0 ? <p className="py-4 text-center text-ink-soft">{t.noStepWasRecorded}</p> : null}
      <div data-testid="span-tree" className="grid gap-1">
        {rows.map((row) => (
          <SpanLine key={row.span.id} row={row} />
        ))}
      </div>
      <details>
        <summary className="text-[13px] font-medium">{t.inputAndOutputOfThe}</summary>
        <Json value={{ input: trace.input, output: trace.output }} />
      </details>
    </>
  );
}

function Figure({ name, value, isBad }: { name: string; value: string; isBad?: boolean }) {
  return (
    <div className="rounded-lg border border-line px-3 py-2">
      <dt className="text-xs text-ink-soft">{name}</dt>
      <dd className={cn("truncate text-sm font-medium tabular-nums", isBad && "text-danger")}>{value}</dd>
    </div>
  );
}

const icons: Record<string, ComponentType<{ size: number; className?: string; "aria-hidden": "true" }>> = {
  llm: Bot,
  tool: Wrench,
  embedding: Database,
  retriever: Database,
};

/** One step with its bar; opened, what went in and came out. */
function SpanLine({ row: { span, depth, from, width, durationMs } }: { row: SpanRow<Span> }) {
  const Icon = icons[span.type] ?? Box;
  const tokens = readTokens(span.tokenUsage);
  const isBad = span.status === "error";
  return (
    <details data-testid={`span-node-${span.id}`} className="rounded-lg border border-line">
      <summary className="flex list-none items-center gap-3 px-3 py-1.5 text-[13px]">
        <span
          className={cn("flex w-36 min-w-0 shrink-0 items-center gap-1.5 font-medium sm:w-56", isBad && "text-danger")}
          style={{ paddingLeft: depth * 14 }}
        >
          <Icon size={14} className="shrink-0 text-ink-soft" aria-hidden="true" />
          <span className="truncate" title={span.modelName ? `${span.name} (${span.modelName})` : span.name}>
            {span.name}
          </span>
        </span>
        <span aria-hidden="true" className="relative h-2 min-w-8 flex-1 rounded bg-sunken">
          <span
            className={cn("absolute inset-y-0 rounded", isBad ? "bg-danger" : "bg-accent")}
            style={{ left: `${from * 100}%`, width: `${width * 100}%` }}
          />
        </span>
        <span className="hidden w-24 shrink-0 text-right tabular-nums text-ink-soft sm:block">
          {tokens ? t.tokens2(tokens.total) : ""}
        </span>
        <span className="w-14 shrink-0 text-right tabular-nums">{duration(durationMs / 1000)}</span>
      </summary>
      <div data-testid="span-detail" className="grid gap-2 border-t border-line p-3 text-[13px]">
        {span.error ? <p className="text-danger">{asText(span.error)}</p> : null}
        {span.modelName ? <p className="text-ink-soft">{t.model(span.modelName)}</p> : null}
        {tokens ? <p className="text-ink-soft">{t.tokensInOut(tokens.input, tokens.output)}</p> : null}
        <Json value={{ inputs: span.inputs, outputs: span.outputs }} />
      </div>
    </details>
  );
}

function Json({ value }: { value: unknown }) {
  return (
    <pre
      tabIndex={0}
      className="mt-2 max-h-60 overflow-auto whitespace-pre-wrap break-words rounded bg-sunken p-2 text-xs"
    >
      {JSON.stringify(value, null, 2)}
    </pre>
  );
}
