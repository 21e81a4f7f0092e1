import { describe, expect, it } from "vitest";
import { type ChatMessage, put, readMessage, reduceChat, settle } from "./chat";
import { closeRun, idleRun, type RunEvent, reduceRun, resumeRun, startRun } from "./run";

function play(events: RunEvent[]) {
  return events.reduce((state, event) => reduceRun(state, event, 1000), startRun(idleRun, 0));
}

const sorted = { event: "vertices_sorted", data: { ids: ["A"], to_run: ["A", "B", "C"] } };
const done = (id: string, next: string[]) => ({
  event: "end_vertex",
  data: {
    build_data: {
      id,
      valid: true,
      next_vertices_ids: next,
      inactivated_vertices: [],
      data: {
        timedelta: 0.5,
        token_usage: { total_tokens: 7 },
        results: { message: { text: "hi" }, rows: [{ a: 1 }] },
        outputs: { message: { message: "hi", type: "text" }, rows: { message: "Built Successfully ✨", type: "text" } },
        logs: { message: [{ name: "n", type: "t", message: "m" }] },
      },
    },
  },
});
const failed = {
  event: "end_vertex",
  data: {
    build_data: {
      id: "B",
      valid: false,
      params: "Error building Component Boom: \n\nboom: hi",
      data: { outputs: {} },
      next_vertices_ids: [],
    },
  },
};

describe("a run on the canvas", () => {
  it("lights nodes in their order", () => {
    const state = play([sorted, done("A", ["B"])]);
    expect(state.nodes).toMatchObject({
      A: { status: "success", seconds: 0.5, tokens: 7 },
      B: { status: "running" },
      C: { status: "pending" },
    });
  });

  it("shows a result in the place of the sentence that stands for it", () => {
    const outputs = play([sorted, done("A", [])]).nodes.A?.outputs;
    expect(outputs?.rows).toEqual({ type: "object", value: [{ a: 1 }] });
    expect(outputs?.message).toEqual({ type: "text", value: "hi" });
  });

  it("marks the node that failed and says why", () => {
    const state = play([sorted, done("A", ["B"]), failed, { event: "end", data: { build_duration: 2 } }]);
    expect(state).toMatchObject({ phase: "failed", seconds: 2, failure: { nodeId: "B", text: "boom: hi" } });
    expect(state.nodes.B).toMatchObject({ status: "error", error: "boom: hi" });
    expect(state.nodes.C).toBeUndefined();
  });

  it("takes the component from an error message", () => {
    const error = {
      event: "error",
      data: {
        text: "long text",
        properties: { source: { id: "B", display_name: "Boom" } },
        content_blocks: [{ contents: [{ type: "error", reason: "**no key**" }] }],
      },
    };
    expect(play([sorted, error]).failure).toEqual({ nodeId: "B", name: "Boom", text: "no key" });
  });

  it.each([
    ["before the component's end", (error: RunEvent) => [sorted, error, failed]],
    ["after it", (error: RunEvent) => [sorted, failed, error]],
  ])("says in plain words what kind of failure it was, told %s", (_, order) => {
    const reason = "**ConnectionError**\n - **Details: boom: hi**\n";
    const error = {
      event: "error",
      data: { properties: { source: { id: "B" } }, content_blocks: [{ contents: [{ type: "error", reason }] }] },
    };
    const state = play(order(error));
    const summary = "The service did not answer, or had no room.";
    expect(state.nodes.B).toMatchObject({ status: "error", error: "boom: hi", summary });
    expect(state.failure).toMatchObject({ nodeId: "B", text: "boom: hi", summary });
  });

  it("greys a branch that is not taken", () => {
    const branch = {
      event: "end_vertex",
      data: { build_data: { id: "A", valid: true, inactivated_vertices: ["C"], next_vertices_ids: ["B"], data: {} } },
    };
    expect(play([sorted, branch]).nodes.C?.status).toBe("inactive");
  });

  it("ends when it is stopped, and nothing keeps running", () => {
    const state = closeRun(play([sorted, done("A", ["B"])]), "stopped", 3000);
    expect(state.phase).toBe("stopped");
    expect(Object.keys(state.nodes)).toEqual(["A"]);
  });

  const asks = { event: "human_input_required", data: { request_id: "B:run-1", prompt: "Send it?" } };

  it("waits for a person: neither running nor failed, and nothing of it is lost", () => {
    const state = play([sorted, done("A", ["B"]), asks]);
    expect(state.phase).toBe("waiting");
    expect(state.failure).toBeUndefined();
    expect(state.nodes).toMatchObject({
      A: { status: "success" },
      B: { status: "waiting" },
      C: { status: "pending" },
    });
  });

  it("goes on after the answer, and ends", () => {
    const events = [done("B", ["C"]), done("C", []), { event: "end", data: {} }];
    const answered = resumeRun(play([sorted, done("A", ["B"]), asks]), "B", 5000);
    expect(answered).toMatchObject({ phase: "running", nodes: { B: { status: "running" } } });
    const state = events.reduce((now, event) => reduceRun(now, event, 6000), answered);
    expect(state).toMatchObject({ phase: "done", nodes: { B: { status: "success" }, C: { status: "success" } } });
  });

  it("that is stopped while it waits shows no mark at what asked", () => {
    const state = closeRun(play([sorted, done("A", ["B"]), asks]), "stopped", 3000);
    expect([state.phase, Object.keys(state.nodes)]).toEqual(["stopped", ["A"]]);
  });

  it.each([
    { event: "human_input_required", data: {} },
    { event: "end_vertex", data: {} },
    { event: "unknown", data: {} },
    { event: "log", data: { component_id: "nobody" } },
  ])("takes no harm from %j", (event) => expect(play([sorted, event]).phase).toBe("running"));
});

const message = (id: string, extra: Record<string, unknown> = {}) => ({
  event: "add_message",
  data: {
    id,
    sender: "Machine",
    sender_name: "AI",
    text: "",
    session_id: "s",
    timestamp: "2026-01-01 00:00:00 UTC",
    files: [],
    ...extra,
  },
});

describe("the conversation", () => {
  const say = (events: RunEvent[]) => events.reduce(reduceChat, [] as ChatMessage[]);

  it("grows by tokens and is replaced by the whole", () => {
    const partial = message("1", { properties: { state: "partial" } });
    const tokens = ["Hel", "lo"].map((chunk) => ({ event: "token", data: { id: "1", chunk } }));
    expect(say([partial, ...tokens])).toMatchObject([{ text: "Hello", isPartial: true }]);
    expect(say([partial, ...tokens, message("1", { text: "Hello!" })])).toMatchObject([
      { text: "Hello!", isPartial: false },
    ]);
  });

  it("keeps its order, and loses what is withdrawn", () => {
    const all = say([
      message("1"),
      message("2"),
      message("1", { text: "x" }),
      { event: "remove_message", data: { id: "2" } },
    ]);
    expect(all.map(({ id, text }) => [id, text])).toEqual([["1", "x"]]);
  });

  it("shows tools and errors", () => {
    const tool = { type: "tool_use", name: "search", input: { q: 1 }, output: "found", duration: 120 };
    const read = readMessage({ ...message("1").data, content_blocks: [{ title: "Steps", contents: [tool] }] });
    expect(read?.tools).toEqual([{ name: "search", input: { q: 1 }, output: "found", error: "", seconds: 0.12 }]);
    const error = readMessage({
      ...message("2").data,
      category: "error",
      content_blocks: [{ type: "error", reason: "no key" }],
    });
    expect(error).toMatchObject({ isError: true, text: "no key" });
  });

  it("asks, and keeps what was answered", () => {
    const ask = {
      type: "human_input",
      request_id: "H-1:r",
      job_id: "j",
      prompt: "Send it?",
      options: [{ action_id: "approve", label: "Approve" }],
      allowed_decisions: ["approve"],
    };
    const read = (content: object) =>
      readMessage({ ...message("1").data, content_blocks: [{ title: "x", contents: [content] }] })?.questions;
    expect(read(ask)).toMatchObject([{ request: { id: "H-1:r", jobId: "j" }, chosen: undefined, isSuperseded: false }]);
    expect(read({ ...ask, submitted_action: "approve" })).toMatchObject([{ chosen: "approve" }]);
    expect(read({ ...ask, superseded: true })).toMatchObject([{ isSuperseded: true }]);
    expect(read({ type: "human_input" })).toEqual([]);
  });

  it("reads what the server stored as text", () => {
    expect(
      readMessage({ ...message("1").data, files: '["f/a.png"]', properties: '{"state":"complete"}' }),
    ).toMatchObject({ files: ["f/a.png"] });
  });

  it.each([null, 1, {}, { id: "" }])("%j is no message", (value) => expect(readMessage(value)).toBeUndefined());

  it("settles when the run is over", () => {
    const open = say([message("1", { properties: { state: "partial" } })]);
    expect(settle(open)[0]?.isPartial).toBe(false);
    const calm = put([], { ...(open[0] as ChatMessage), isPartial: false });
    expect(settle(calm)).toBe(calm);
  });
});
