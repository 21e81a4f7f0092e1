import { afterEach, describe, expect, it, test, vi } from "vitest";
import { followLog, joinLines, LINES_KEPT, type LogLine, type LogState, readLog } from "./logs";

afterEach(() => vi.unstubAllGlobals());

const line = (at: number, text = String(at)): LogLine => ({ at, text, level: "info" });

test.each<[string, LogLine["level"]]>([
  ["2026-11-29T16:00:00Z ERROR langflow: broken", "error"],
  ["2026-11-29T16:00:00Z  WARN langflow: slow", "warning"],
  ["2026-11-29T16:00:00Z  INFO langflow: no error here, only a long way behind the first words: error", "info"],
  ['{"level":"critical","event":"x"}', "error"],
  ['{"level":"info","event":"error"}', "info"],
  ["{broken", "info"],
])("%s is of level %s", (text, level) => {
  expect(readLog({ 5: text })).toEqual([{ at: 5, text, level }]);
});

test("lines are put in order, once, and the oldest go", () => {
  expect(joinLines([line(1), line(3)], [line(2), line(3, "again")]).map(({ text }) => text)).toEqual([
    "1",
    "2",
    "again",
  ]);
  const many = Array.from({ length: LINES_KEPT + 5 }, (_, index) => line(index));
  expect(joinLines(many, []).map(({ at }) => at)).toEqual(many.slice(5).map(({ at }) => at));
});

test("what is no answer has no lines", () => {
  expect([readLog(null), readLog([1]), readLog({ x: "y" })]).toEqual([[], [], []]);
});

describe("following", () => {
  /** Answers by path; each stream is used once and the last one stays open. */
  function serve(streams: string[][], status = 200) {
    let opened = 0;
    vi.stubGlobal("fetch", async (address: string, { signal }: { signal: AbortSignal }) => {
      if (status !== 200) return new Response('{"detail":"Log retrieval is disabled"}', { status });
      if (String(address).startsWith("/logs?")) return Response.json({ 1: "old" });
      const pieces = streams[opened++] ?? [];
      const isLast = opened >= streams.length;
      const body = new ReadableStream({
        start(controller) {
          for (const piece of pieces) controller.enqueue(new TextEncoder().encode(piece));
          if (!isLast) controller.close();
          signal.addEventListener("abort", () => controller.error(new Error("ended")));
        },
      });
      return new Response(body);
    });
  }

  async function follow(until: (texts: string[], states: LogState[]) => boolean) {
    const end = new AbortController();
    const texts: string[] = [];
    const states: LogState[] = [];
    const check = () => {
      if (until(texts, states)) end.abort();
    };
    await followLog(
      end.signal,
      (lines) => {
        texts.push(...lines.map(({ text }) => text));
        check();
      },
      (state) => {
        states.push(state);
        check();
      },
    );
    return { texts, states };
  }

  it("gives what is there, then what comes, in pieces as they fall", async () => {
    serve([['{"2":"ne', 'w"}\n\nkeepalive\n\n{"3":"newer"}\n\n']]);
    const { texts, states } = await follow((seen) => seen.includes("newer"));
    expect(texts).toEqual(["old", "new", "newer"]);
    expect(states).toEqual([{ kind: "live" }]);
  });

  it("says that the server keeps none, and asks no more", async () => {
    serve([], 501);
    const { states } = await follow(() => false);
    expect(states).toEqual([{ kind: "off" }]);
  });

  it("begins anew when the stream ends", async () => {
    vi.useFakeTimers();
    serve([['{"2":"a"}\n'], ['{"3":"b"}\n']]);
    const followed = follow((seen) => seen.includes("b"));
    await vi.advanceTimersByTimeAsync(10_000);
    vi.useRealTimers();
    expect((await followed).texts).toEqual(["old", "a", "old", "b"]);
  });
});
