import { parseEvent, type RunEvent, readLines } from "./ndjson";

/** One event of a stream, and where to go on after it. */
export interface SentEvent {
  event: RunEvent;
  id: string | undefined;
}

/**
 * Cuts a stream of server-sent events. Comments, and events that are none of ours, are passed over; one that is cut
 * off is not answered, since the stream will bring it again.
 */
export async function* readSent(body: ReadableStream<Uint8Array>): AsyncGenerator<SentEvent> {
  let data: string[] = [];
  let id: string | undefined;
  for await (const line of readLines(body)) {
    const text = line.endsWith("\r") ? line.slice(0, -1) : line;
    if (text === "") {
      const event = data.length > 0 ? parseEvent(data.join("\n")) : undefined;
      if (event) yield { event, id };
      data = [];
      continue;
    }
    const [name, value] = cut(text);
    if (name === "data") data.push(value);
    else if (name === "id") id = value;
  }
}

/** `name: value`; one blank after the colon belongs to neither. */
function cut(line: string): [name: string, value: string] {
  const at = line.indexOf(":");
  if (at < 0) return [line, ""];
  const value = line.slice(at + 1);
  return [line.slice(0, at), value.startsWith(" ") ? value.slice(1) : value];
}
