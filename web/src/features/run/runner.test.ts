import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { FlowDocument } from "@/flow/document";
import { connect } from "@/flow/ops";
import { component, ends, field, node, output, stored } from "@/flow/testing";
import { useEditor } from "@/stores/editor";
import { useWaiting, waiting } from "@/stores/waiting";
import { useChat } from "./chat-store";
import { answerRequest, leaveRuns, runFlow, stopRun, takePending } from "./runner";

const def = component({ input: field({ input_types: ["Message"] }), input_value: field({ value: "stored" }) }, [
  output("out", ["Message"]),
]);
const ids = ["ChatInput-1", "HumanInput-1", "ChatOutput-1"];
const document: FlowDocument = [
  ["ChatInput-1", "HumanInput-1"],
  ["HumanInput-1", "ChatOutput-1"],
].reduce((made, [from, to]) => connect(made, ends(made, from ?? "", "out", to ?? "", "input")), {
  nodes: ids.map((id, index) => node(id, def, index * 400)),
  edges: [],
} as FlowDocument);

const flow = stored("flow", document);

const request = {
  request_id: "HumanInput-1:run",
  job_id: "job",
  prompt: "Send it?",
  options: [{ action_id: "approve", label: "Approve" }],
  allowed_decisions: ["approve"],
  paused_at: "2026-11-30T12:00:00+00:00",
};
const event = (name: string, data: object = {}) => ({ event: name, data });
const done = (id: string) => event("end_vertex", { build_data: { id, valid: true, data: {} } });
const says = (id: string, text: string) =>
  event("add_message", { id, text, sender: "Machine", sender_name: "AI", session_id: "flow", files: [] });

/** The log of the job as the server keeps it; what is behind the question comes with the answer. */
const before = [
  event("vertices_sorted", { ids: ["ChatInput-1"], to_run: ids }),
  says("1", "asked"),
  done("ChatInput-1"),
  event("human_input_required", request),
];
const after = [done("HumanInput-1"), says("2", "sent"), done("ChatOutput-1"), event("end")];

interface Server {
  calls: { method: string; path: string; body?: Record<string, unknown>; last?: string | undefined }[];
  /** What the resume answers. */
  resume: number;
  status: string;
  isAnswered: boolean;
}

let server: Server;

/** A server with one job, as far as runs of this page need it. */
function serve() {
  server = { calls: [], resume: 200, status: "suspended", isAnswered: false };
  vi.stubGlobal("fetch", async (address: string, init: RequestInit & { headers: Record<string, string> }) => {
    const path = address.split("?")[0] ?? "";
    const body = typeof init.body === "string" ? JSON.parse(init.body) : undefined;
    server.calls.push({ method: init.method ?? "GET", path, body, last: init.headers["last-event-id"] });
    if (path.endsWith("/resume")) {
      if (server.resume !== 200) return Response.json({ detail: { message: "no" } }, { status: server.resume });
      server.isAnswered = true;
      return Response.json({ job_id: "job", status: "resuming", message: "" });
    }
    if (path.endsWith("/stop")) return Response.json({ job_id: "job", message: "" });
    if (path.endsWith("/events")) {
      const log = server.isAnswered ? [...before, ...after] : before;
      const last = Number(init.headers["last-event-id"] ?? 0);
      const frames = log.map((entry, index) => `data: ${JSON.stringify(entry)}\nid: ${index + 1}\n\n`);
      return new Response(frames.slice(last).join(""));
    }
    if (path === "/api/v2/workflows" && init.method === "POST") return Response.json({ job_id: "job" });
    return Response.json({ status: server.status });
  });
}

const run = () => useEditor.getState().run;
const texts = () => useChat.getState().messages.map((message) => message.text);
const theRequest = () => {
  const found = waiting().requests[request.request_id];
  if (!found) throw new Error("nothing is asked");
  return found;
};
const paths = () => server.calls.map(({ method, path }) => `${method} ${path}`);

beforeEach(() => {
  serve();
  useEditor.getState().open(flow);
  useChat.setState({ session: "flow", messages: [], isRunning: false });
});
afterEach(() => {
  leaveRuns();
  vi.unstubAllGlobals();
});

describe("a flow that asks a person", () => {
  it("runs in the background until it asks", async () => {
    await runFlow({ input: "hello", files: ["f/a.png"], stopAt: "ChatOutput-1" });
    expect(paths()).toEqual(["POST /api/v2/workflows", "GET /api/v2/workflows/job/events"]);
    expect(server.calls[0]?.body).toMatchObject({
      flow_id: "flow",
      mode: "background",
      stream_protocol: "langflow",
      input_value: "hello",
      session_id: "flow",
      files: ["f/a.png"],
      stop_component_id: "ChatOutput-1",
      data: { nodes: [{ id: "ChatInput-1" }, {}, {}] },
    });
    expect(run()).toMatchObject({ phase: "waiting", nodes: { "HumanInput-1": { status: "waiting" } } });
    expect(theRequest()).toMatchObject({ jobId: "job", session: "flow", prompt: "Send it?" });
    expect(useChat.getState().isRunning).toBe(false);
  });

  it("without words leaves those of its Chat Input", async () => {
    await runFlow({});
    expect(server.calls[0]?.body).not.toHaveProperty("input_value");
  });

  it("goes on after the answer where it was", async () => {
    await runFlow({});
    await answerRequest(theRequest(), "approve");
    expect(server.calls.at(-2)).toMatchObject({
      path: "/api/v2/workflows/job/resume",
      body: { request_id: "HumanInput-1:run", decision: { action_id: "approve" } },
    });
    expect(server.calls.at(-1)?.last).toBe("4");
    expect(run()).toMatchObject({ phase: "done", nodes: { "ChatOutput-1": { status: "success" } } });
    expect(texts()).toEqual(["asked", "sent"]);
    expect(waiting()).toMatchObject({ requests: {}, fates: { "HumanInput-1:run": { kind: "answered" } } });
  });

  it("is found again after a reload, and says nothing twice", async () => {
    takePending("flow", [{ ...request, session_id: null }], Date.now());
    expect(theRequest().session).toBe("flow");
    await answerRequest(theRequest(), "approve");
    expect(server.calls.at(-1)?.last).toBeUndefined();
    expect(run()).toMatchObject({ phase: "done", nodes: { "ChatInput-1": { status: "success" } } });
    // What was said before is in the stored messages.
    expect(texts()).toEqual(["sent"]);
  });

  it("of another session says nothing in this one", async () => {
    takePending("flow", [{ ...request, session_id: "other" }], Date.now());
    await answerRequest(theRequest(), "approve");
    expect([run().phase, texts()]).toEqual(["done", []]);
  });

  it.each([
    [409, "completed", "over"],
    [409, "suspended", "refused"],
    [404, "completed", "over"],
    [422, "suspended", "refused"],
    [500, "suspended", "refused"],
  ])("tells of an answer that is refused with %i, while the run is %s, that it is %s", async (status, now, kind) => {
    takePending("flow", [request], Date.now());
    server.resume = status;
    server.status = now;
    await answerRequest(theRequest(), "approve");
    expect(waiting().fates[request.request_id]?.kind).toBe(kind);
    expect(Object.keys(waiting().requests)).toHaveLength(kind === "over" ? 0 : 1);
  });

  it("is answered once, however often somebody clicks", async () => {
    await runFlow({});
    const asked = theRequest();
    await Promise.all([answerRequest(asked, "approve"), answerRequest(asked, "approve")]);
    await answerRequest(asked, "approve");
    expect(paths().filter((path) => path.endsWith("/resume"))).toHaveLength(1);
  });

  it("that was answered elsewhere goes on here", async () => {
    await runFlow({});
    server.isAnswered = true;
    takePending("flow", [], Date.now() + 1);
    await vi.waitFor(() => expect(run().phase).toBe("done"));
    expect(texts()).toEqual(["asked", "sent"]);
  });

  it("that was stopped elsewhere is stopped here", async () => {
    await runFlow({});
    server.status = "cancelled";
    takePending("flow", [], Date.now() + 1);
    await vi.waitFor(() => expect(run().phase).toBe("stopped"));
  });

  it("is not given up for a list that is older than its question", async () => {
    await runFlow({});
    takePending("flow", [], Date.now() - 1000);
    expect(run().phase).toBe("waiting");
    expect(Object.keys(useWaiting.getState().requests)).toHaveLength(1);
  });

  it("is stopped while it waits", async () => {
    await runFlow({});
    stopRun();
    await vi.waitFor(() => expect(run().phase).toBe("stopped"));
    expect(server.calls.at(-1)).toMatchObject({ path: "/api/v2/workflows/stop", body: { job_id: "job" } });
    expect(waiting().requests).toEqual({});
  });

  it("that is stopped before the server has begun it is stopped there too", async () => {
    const going = runFlow({});
    stopRun();
    await going;
    expect(paths()).toEqual(["POST /api/v2/workflows", "POST /api/v2/workflows/stop"]);
    expect(run().phase).toBe("stopped");
  });

  it("is left alone when the page is left while it waits", async () => {
    await runFlow({});
    leaveRuns();
    expect(paths().filter((path) => path.endsWith("/stop"))).toEqual([]);
    expect(waiting().requests).toEqual({});
  });

  it("rests under an older version that is looked at", async () => {
    await runFlow({});
    useEditor.getState().preview({ nodes: [], edges: [] }, "Version 1");
    await answerRequest(theRequest(), "approve");
    expect(run().phase).toBe("idle");
    useEditor.getState().endPreview();
    expect(run().phase).toBe("done");
  });
});

it("a flow that asks nobody runs as ever", async () => {
  useEditor.getState().change((now) => ({ ...now, edges: [] }));
  await runFlow({}).catch(() => undefined);
  expect(server.calls[0]?.path).toBe("/api/v1/build/flow/flow");
});
