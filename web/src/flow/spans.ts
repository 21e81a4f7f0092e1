/** The steps of a run as rows of a waterfall. */
import { parseTime } from "@/util/time";

export interface SpanLike {
  id: string;
  name: string;
  type: string;
  status: string;
  startTime: string;
  endTime?: string | null;
  latencyMs: number | null;
  children: SpanLike[];
}

export interface SpanRow<S extends SpanLike> {
  span: S;
  depth: number;
  /** Where the bar begins, and how long it is: shares of the whole, 0 to 1. */
  from: number;
  width: number;
  durationMs: number;
}

const THINNEST = 0.005;

/** Every step below its parent, in the order of the run. */
export function spanRows<S extends SpanLike & { children: S[] }>(
  spans: S[],
  start: string,
  totalMs: number,
): SpanRow<S>[] {
  const begin = parseTime(start)?.getTime() ?? 0;
  const whole = Math.max(1, totalMs);
  const walk = (list: S[], depth: number): SpanRow<S>[] =>
    list.flatMap((span) => {
      const at = parseTime(span.startTime)?.getTime() ?? begin;
      const end = parseTime(span.endTime)?.getTime();
      const durationMs = span.latencyMs ?? (end === undefined ? 0 : Math.max(0, end - at));
      const from = Math.min(1 - THINNEST, Math.max(0, (at - begin) / whole));
      const width = Math.max(THINNEST, Math.min(1 - from, durationMs / whole));
      return [{ span, depth, from, width, durationMs }, ...walk(span.children, depth + 1)];
    });
  return walk(spans, 0);
}

/** Tokens of a step, as far as the server counted them. */
export function readTokens(usage: unknown): { input: number; output: number; total: number } | undefined {
  if (typeof usage !== "object" || usage === null) return undefined;
  const values = new Map(Object.entries(usage));
  const pick = (...names: string[]) => {
    for (const name of names) {
      const value = values.get(name);
      if (typeof value === "number") return value;
    }
    return undefined;
  };
  const input = pick("promptTokens", "prompt_tokens", "input_tokens", "inputTokens");
  const output = pick("completionTokens", "completion_tokens", "output_tokens", "outputTokens");
  const total = pick("totalTokens", "total_tokens") ?? (input ?? 0) + (output ?? 0);
  return total > 0 ? { input: input ?? 0, output: output ?? 0, total } : undefined;
}
