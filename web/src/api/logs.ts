/** The server's log: its newest lines, and those that come. */
import { asText, isRecord, parseJson } from "@/util/json";
import { ApiError, api, call } from "./client";
import { readLines } from "./ndjson";

export type LogLevel = "error" | "warning" | "info" | "debug";

export interface LogLine {
  /** Milliseconds since 1970; no two lines have the same. */
  at: number;
  text: string;
  level: LogLevel;
}

/** So many lines are kept here; the oldest go first. */
export const LINES_KEPT = 2000;
const LINES_AT_FIRST = 500;
const AGAIN_AFTER_MS = 3000;

const levels: [RegExp, LogLevel][] = [
  [/\b(ERROR|CRITICAL|FATAL)\b/, "error"],
  [/\bWARN(ING)?\b/, "warning"],
  [/\b(DEBUG|TRACE)\b/, "debug"],
];

/** How grave a line says it is: in its first words, or in the field of a line that is JSON. */
function levelOf(text: string): LogLevel {
  const read = text.startsWith("{") ? parseJson(text) : undefined;
  const said = isRecord(read) ? asText(read.level).toUpperCase() : text.slice(0, 60);
  return levels.find(([sign]) => sign.test(said))?.[1] ?? "info";
}

/** Lines by their times, as the server answers and streams them; oldest first. */
export function readLog(body: unknown): LogLine[] {
  return Object.entries(isRecord(body) ? body : {})
    .map(([at, value]) => ({ at: Number(at), text: asText(value) }))
    .filter(({ at }) => Number.isFinite(at))
    .map((line) => ({ ...line, level: levelOf(line.text) }))
    .sort((a, b) => a.at - b.at);
}

/** Both lists in order, without lines twice. */
export function joinLines(kept: readonly LogLine[], more: readonly LogLine[]): LogLine[] {
  const byTime = new Map([...kept, ...more].map((line) => [line.at, line]));
  return [...byTime.values()].sort((a, b) => a.at - b.at).slice(-LINES_KEPT);
}

export type LogState = { kind: "loading" | "live" | "off" } | { kind: "lost"; text: string };

/**
 * Gives the newest lines and then every line as it is written, until `signal` ends it. A stream that breaks is begun
 * anew; what was written meanwhile is read first, so that no line is missing.
 */
export async function followLog(
  signal: AbortSignal,
  onLines: (lines: LogLine[]) => void,
  onState: (state: LogState) => void,
): Promise<void> {
  while (!signal.aborted) {
    try {
      const stream = await call("/logs-stream", { signal });
      onLines(readLog(await api<unknown>("/logs", { query: { lines_before: LINES_AT_FIRST }, signal })));
      onState({ kind: "live" });
      if (stream.body) {
        for await (const line of readLines(stream.body)) {
          if (line.startsWith("{")) onLines(readLog(parseJson(line)));
        }
      }
    } catch (error) {
      if (signal.aborted) return;
      // The server keeps no lines: asking again does not change that.
      if (error instanceof ApiError && error.status === 501) {
        onState({ kind: "off" });
        return;
      }
      onState({ kind: "lost", text: error instanceof Error ? error.message : String(error) });
      if (error instanceof ApiError && error.status >= 400 && error.status < 500) return;
    }
    await pause(AGAIN_AFTER_MS, signal);
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
