import { expect, test } from "vitest";
import { readSent } from "./sse";

async function read(...pieces: string[]) {
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const piece of pieces) controller.enqueue(new TextEncoder().encode(piece));
      controller.close();
    },
  });
  const found: [string, string | undefined][] = [];
  for await (const { event, id } of readSent(body)) found.push([event.event, id]);
  return found;
}

test.each<[string, string[], [string, string | undefined][]]>([
  ["data before its number", ['data: {"event":"a","data":{}}\nid: 1\n\n'], [["a", "1"]]],
  ["comments between", [": keepalive\n\n", 'data: {"event":"a"}\nid: 7\n\n: keepalive\n\n'], [["a", "7"]]],
  ["lines cut anywhere", ['data: {"eve', 'nt":"a"}\ni', "d: 1", "2\n", "\n"], [["a", "12"]]],
  ["lines with carriage returns", ['data:{"event":"a"}\r\nid:3\r\n\r\n'], [["a", "3"]]],
  ["data in several lines", ['data: {"event":\ndata: "a"}\nid: 1\n\n'], [["a", "1"]]],
  ["a number that stays for what has none", ['id: 5\n\ndata: {"event":"a"}\n\n'], [["a", "5"]]],
  ["what is none of ours", ['data: hello\n\ndata: {"x":1}\n\ndata: {"event":"a"}\n\n'], [["a", undefined]]],
  ["an event that is cut off", ['data: {"event":"a"}\nid: 1\n\ndata: {"event":"b"}\nid: 2\n'], [["a", "1"]]],
])("%s", async (_, pieces, events) => {
  expect(await read(...pieces)).toEqual(events);
});
