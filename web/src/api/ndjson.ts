import { isRecord, parseJson } from "@/util/json";
import { call, type RequestOptions } from "./client";
import { t } from "./messages";

/** One event of a run as the server sends it. */
export interface RunEvent {
  event: string;
  data: Record<string, unknown>;
}

/** A line longer than this is not an event of ours. */
const LINE_LIMIT = 64 * 1024 * 1024;

/** Cuts a stream of bytes into lines. */
export async function* readLines(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = "";
  try {
    for (;;) {
      const { done, value } = await reader.read();
      rest += decoder.decode(value, { stream: !done });
      const lines = rest.split("\n");
      rest = lines.pop() ?? "";
      if (rest.length > LINE_LIMIT) throw new Error(t.theServerSentAnEvent);
      yield* lines;
      if (done && rest) yield rest;
      if (done) return;
    }
  } finally {
    // Leaving the loop early (stop) must end the request, so that the server ends the run.
    await reader.cancel().catch(() => undefined);
  }
}

/** Cuts a stream of bytes into events; blank lines and broken lines are passed over. */
export async function* readEvents(body: ReadableStream<Uint8Array>): AsyncGenerator<RunEvent> {
  for await (const line of readLines(body)) {
    const event = parseEvent(line);
    if (event) yield event;
  }
}

export function parseEvent(line: string): RunEvent | undefined {
  const text = line.startsWith("data:") ? line.slice(5).trim() : line.trim();
  if (!text.startsWith("{")) return undefined;
  const value = parseJson(text);
  if (!isRecord(value) || typeof value.event !== "string") return undefined;
  return { event: value.event, data: isRecord(value.data) ? value.data : {} };
}

export async function* streamEvents(path: string, options: RequestOptions): AsyncGenerator<RunEvent> {
  const response = await call(path, options);
  if (response.body) yield* readEvents(response.body);
}
