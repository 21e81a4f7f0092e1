/** A run as the canvas shows it: events of the server go in, states of nodes come out. */
import { asText, isRecord } from "@/util/json";
import { type Failure, readFailure } from "./failure";
import { t } from "./messages";
import { ASKS, readRequest } from "./waiting";

/** `waiting`: for the answer of a person. */
export type NodeStatus = "pending" | "running" | "waiting" | "success" | "error" | "inactive";

export type OutputResult = { type: string; value: unknown };

export type NodeRun = {
  status: NodeStatus;
  /** Seconds. */
  seconds?: number;
  tokens?: number;
  outputs?: Record<string, OutputResult>;
  logs?: { name: string; type: string; message: unknown }[];
  error?: string;
  /** What kind of failure it is, in plain words. */
  summary?: string;
  at?: number;
};

export type RunPhase = "idle" | "running" | "waiting" | "done" | "failed" | "stopped";

export type RunState = {
  phase: RunPhase;
  startedAt: number;
  /** Seconds of the whole run, once it ended. */
  seconds?: number;
  nodes: Record<string, NodeRun>;
  failure?: Failure & { nodeId?: string; name?: string };
};

export const idleRun: RunState = { phase: "idle", startedAt: 0, nodes: {} };

export function startRun(previous: RunState, now: number): RunState {
  return { phase: "running", startedAt: now, nodes: previous.nodes };
}

/** A person has answered: the run goes on where it was. */
export function resumeRun(state: RunState, nodeId: string, now: number): RunState {
  const { failure: _, ...rest } = startRun(state, now);
  return { ...rest, nodes: { ...rest.nodes, [nodeId]: { status: "running" } } };
}

export type RunEvent = { event: string; data: Record<string, unknown> };

export function reduceRun(state: RunState, { event, data }: RunEvent, now: number): RunState {
  switch (event) {
    case "vertices_sorted":
      return sorted(state, data);
    case "end_vertex":
      return endVertex(state, data, now);
    case "log":
      return logged(state, data);
    case "error":
      return failed(state, data);
    case ASKS:
      return asks(state, data);
    case "end":
      return finish(
        state,
        typeof data.build_duration === "number" ? data.build_duration : (now - state.startedAt) / 1000,
      );
    default:
      return state;
  }
}

/** The stream has ended, or the user stopped it. */
export function closeRun(state: RunState, phase: "done" | "stopped" | "failed", now: number, text?: string): RunState {
  if (state.phase !== "running" && state.phase !== "waiting") return state;
  const closed = finish(state, (now - state.startedAt) / 1000);
  if (text === undefined) return { ...closed, phase: closed.phase === "failed" ? "failed" : phase };
  return { ...closed, phase, failure: closed.failure ?? { text } };
}

function finish(state: RunState, seconds: number): RunState {
  const nodes: Record<string, NodeRun> = {};
  for (const [id, node] of Object.entries(state.nodes)) {
    // What never ran shows no mark at all.
    if (node.status === "pending" || node.status === "running" || node.status === "waiting") {
      if (node.at !== undefined) nodes[id] = { ...node, status: "success" };
      continue;
    }
    nodes[id] = node;
  }
  return { ...state, nodes, seconds, phase: state.failure ? "failed" : "done" };
}

function sorted(state: RunState, data: Record<string, unknown>): RunState {
  const nodes = { ...state.nodes };
  for (const id of texts(data.to_run)) nodes[id] = { status: "pending" };
  for (const id of texts(data.ids)) nodes[id] = { status: "running" };
  return { ...state, nodes };
}

/** The run rests until a person answers: nothing of it runs meanwhile. */
function asks(state: RunState, data: Record<string, unknown>): RunState {
  const request = readRequest(data);
  if (!request) return state;
  const nodes: Record<string, NodeRun> = {};
  for (const [id, node] of Object.entries(state.nodes)) {
    nodes[id] = node.status === "running" ? { ...node, status: "pending" } : node;
  }
  return { ...state, phase: "waiting", nodes: { ...nodes, [request.nodeId]: { status: "waiting" } } };
}

function endVertex(state: RunState, data: Record<string, unknown>, now: number): RunState {
  const build = isRecord(data.build_data) ? data.build_data : {};
  const id = asText(build.id);
  if (!id) return state;
  const built = readBuild(build, now);
  // The message of the failure may have come first, and says more.
  const summary = built.status === "error" ? state.nodes[id]?.summary : undefined;
  const result = summary === undefined ? built : { ...built, summary };
  const nodes: Record<string, NodeRun> = { ...state.nodes, [id]: result };
  for (const next of texts(build.next_vertices_ids)) {
    if (nodes[next]?.status !== "success") nodes[next] = { ...nodes[next], status: "running" };
  }
  for (const idle of texts(build.inactivated_vertices)) nodes[idle] = { status: "inactive" };
  if (result.status !== "error") return { ...state, nodes };
  const failure = {
    ...state.failure,
    nodeId: id,
    text: result.error ?? state.failure?.text ?? t.theComponentFailed,
  };
  return { ...state, nodes, failure };
}

/** One finished node, from the stream or from the stored builds. */
export function readBuild(build: Record<string, unknown>, now: number): NodeRun {
  const data = isRecord(build.data) ? build.data : {};
  const valid = build.valid !== false;
  const outputs: Record<string, OutputResult> = {};
  for (const [name, value] of Object.entries(isRecord(data.outputs) ? data.outputs : {})) {
    if (isRecord(value)) outputs[name] = { type: asText(value.type), value: value.message };
  }
  const results = isRecord(data.results) ? data.results : {};
  for (const [name, value] of Object.entries(results)) {
    // The short form of a non-text value is only a sentence; the result itself is what one wants to see.
    const short = outputs[name];
    if (!short || (typeof short.value === "string" && short.value.startsWith("Built Successfully"))) {
      outputs[name] = { type: typeof value === "string" ? "text" : "object", value };
    }
  }
  const logs: NodeRun["logs"] = [];
  for (const entries of Object.values(isRecord(data.logs) ? data.logs : {})) {
    for (const entry of Array.isArray(entries) ? entries : [entries]) {
      if (isRecord(entry)) logs.push({ name: asText(entry.name), type: asText(entry.type), message: entry.message });
    }
  }
  const usage = isRecord(data.token_usage) ? data.token_usage : {};
  return {
    status: valid ? "success" : "error",
    at: now,
    outputs,
    logs,
    ...(typeof data.timedelta === "number" ? { seconds: data.timedelta } : {}),
    ...(typeof usage.total_tokens === "number" ? { tokens: usage.total_tokens } : {}),
    ...(valid ? {} : { error: errorOf(build, outputs) }),
  };
}

function errorOf(build: Record<string, unknown>, outputs: Record<string, OutputResult>): string {
  const params = typeof build.params === "string" ? build.params : "";
  const cleaned = params.replace(/^Error building Component [^:]*:\s*/, "").trim();
  if (cleaned) return cleaned;
  for (const { value } of Object.values(outputs)) {
    if (isRecord(value) && typeof value.errorMessage === "string") return value.errorMessage;
  }
  return t.theComponentFailed;
}

function logged(state: RunState, data: Record<string, unknown>): RunState {
  const id = asText(data.component_id);
  const node = state.nodes[id];
  if (!id || !node) return state;
  const entry = { name: asText(data.name), type: asText(data.type), message: data.message };
  return { ...state, nodes: { ...state.nodes, [id]: { ...node, logs: [...(node.logs ?? []), entry].slice(-200) } } };
}

function failed(state: RunState, data: Record<string, unknown>): RunState {
  const properties = isRecord(data.properties) ? data.properties : {};
  const source = isRecord(properties.source) ? properties.source : {};
  const nodeId = asText(source.id) || state.failure?.nodeId;
  const name = asText(source.display_name);
  const reason = reasonOf(data) ?? { text: asText(data.text).trim() || asText(data.error) || t.theRunFailed };
  const nodes = { ...state.nodes };
  if (nodeId && nodeId in nodes) {
    const { text: error, ...summary } = reason;
    nodes[nodeId] = { ...nodes[nodeId], status: "error", error, ...summary };
  }
  return {
    ...state,
    nodes,
    failure: { ...reason, ...(nodeId ? { nodeId } : {}), ...(name ? { name } : {}) },
  };
}

/** The reason inside an error message's content blocks. */
function reasonOf(data: Record<string, unknown>): Failure | undefined {
  const blocks = Array.isArray(data.content_blocks) ? data.content_blocks : [];
  for (const block of blocks) {
    const contents: unknown[] = isRecord(block) && Array.isArray(block.contents) ? block.contents : [block];
    for (const content of contents) {
      if (
        isRecord(content) &&
        content.type === "error" &&
        typeof content.reason === "string" &&
        content.reason.trim()
      ) {
        return readFailure(content.reason);
      }
    }
  }
  return undefined;
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}
