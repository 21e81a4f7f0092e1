import { afterEach, expect, test, vi } from "vitest";
import { followJob } from "./jobs";

afterEach(() => vi.unstubAllGlobals());

const sent = (id: number, event: string) => `data: ${JSON.stringify({ event, data: {} })}\nid: ${id}\n\n`;

/** What the server does when it is asked for the events: sends these and closes, breaks off after them, or refuses. */
type Stream = { sends?: string[]; breaks?: boolean; status?: number };

function serve(streams: Stream[], statuses: string[] = []) {
  const asked: (string | undefined)[] = [];
  vi.stubGlobal("fetch", async (address: string, { headers }: { headers: Record<string, string> }) => {
    if (!address.includes("/events")) return Response.json({ status: statuses.shift() ?? "completed" });
    asked.push(headers["last-event-id"]);
    const { sends = [], breaks, status = 200 } = streams.shift() ?? {};
    if (status !== 200) return Response.json({ detail: { message: "no" } }, { status });
    const pieces = sends.map((text) => new TextEncoder().encode(text));
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        const next = pieces.shift();
        if (next) controller.enqueue(next);
        else if (breaks) controller.error(new Error("broken"));
        else controller.close();
      },
    });
    return new Response(body);
  });
  return asked;
}

async function follow(after?: string) {
  const events: string[] = [];
  const waits: number[] = [];
  const { signal } = new AbortController();
  const sleep = async (ms: number) => void waits.push(ms);
  for await (const { event } of followJob("job", { after, signal, sleep })) events.push(event.event);
  return { events, waits };
}

test("a job is followed to its end, after what was read", async () => {
  const asked = serve([{ sends: [sent(4, "a"), sent(5, "end"), sent(6, "never")] }]);
  expect((await follow("3")).events).toEqual(["a", "end"]);
  expect(asked).toEqual(["3"]);
});

test("a stream that breaks off or closes is taken up where it was", async () => {
  const asked = serve([
    { sends: [sent(1, "a"), sent(2, "b")], breaks: true },
    { sends: [sent(3, "c")] },
    { sends: [sent(4, "end")] },
  ]);
  const { events, waits } = await follow();
  expect(events).toEqual(["a", "b", "c", "end"]);
  expect(asked).toEqual([undefined, "2", "3"]);
  expect(waits).toHaveLength(1);
});

test("a server that is being started anew is waited for", async () => {
  serve([{ status: 503 }, { status: 502 }, { sends: [sent(1, "end")] }]);
  const { events, waits } = await follow();
  expect([events, waits.length]).toEqual([["end"], 2]);
});

test("a job that has not begun again after an answer is asked for again", async () => {
  const asked = serve([{}, { sends: [sent(9, "end")] }], ["queued"]);
  expect((await follow("8")).events).toEqual(["end"]);
  expect(asked).toEqual(["8", "8"]);
});

test("an empty stream of a job that is over is its end", async () => {
  serve([{}], ["cancelled"]);
  expect((await follow()).events).toEqual([]);
});

test("what is refused for good is not asked for again", async () => {
  const asked = serve([{ status: 404 }]);
  await expect(follow()).rejects.toMatchObject({ status: 404 });
  expect(asked).toHaveLength(1);
});

test("a server that stays away is given up", async () => {
  serve(Array.from({ length: 20 }, () => ({ status: 503 })));
  await expect(follow()).rejects.toMatchObject({ status: 503 });
});
