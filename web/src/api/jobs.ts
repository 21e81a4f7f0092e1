/** Runs in the background: started, followed, answered, stopped. */
import type { Graph } from "@/flow/document";
import { isRecord } from "@/util/json";
import { ApiError, api, call } from "./client";
import { readSent, type SentEvent } from "./sse";

const workflows = "/api/v2/workflows";

export interface JobOrder {
  flow_id: string;
  data: Graph;
  /** The inputs keep what the flow stores without it. */
  input_value?: string;
  session_id: string;
  files?: string[];
  start_component_id?: string;
  stop_component_id?: string;
}

/** Answers the job of the run. */
export async function startJob(order: JobOrder): Promise<string> {
  const body = { ...order, mode: "background", stream_protocol: "langflow" };
  return (await api<{ job_id: string }>(workflows, { method: "POST", body })).job_id;
}

export async function stopJob(jobId: string): Promise<void> {
  await api(`${workflows}/stop`, { method: "POST", body: { job_id: jobId } });
}

/** The state of a job; one that failed is thrown. */
export async function jobStatus(jobId: string): Promise<string | undefined> {
  const job = await api<unknown>(workflows, { query: { job_id: jobId } });
  return isRecord(job) && typeof job.status === "string" ? job.status : undefined;
}

export async function resumeJob(jobId: string, requestId: string, action: string): Promise<void> {
  await api(`${workflows}/${jobId}/resume`, {
    method: "POST",
    body: { request_id: requestId, decision: { action_id: action } },
  });
}

/** The requests of all runs of a flow that wait for a person, as the server tells them. */
export function pendingOf(flowId: string, signal?: AbortSignal): Promise<unknown[]> {
  return api<unknown[]>(`${workflows}/pending`, { query: { flow_id: flowId }, ...(signal ? { signal } : {}) });
}

/** Milliseconds until a stream that broke off is asked for again; after the last the run is given up. */
const RETRY_MS = [300, 1000, 2000, 5000, 10_000, 20_000, 30_000];

export interface FollowOptions {
  /** The number of the last event that was read. */
  after?: string | undefined;
  signal: AbortSignal;
  /** For tests. */
  sleep?: (ms: number, signal: AbortSignal) => Promise<void>;
}

/**
 * The events of a job, until the one that ends it. A stream that breaks off is taken up where it was; one that is
 * empty says that there is nothing more. One that failed is thrown, where its events do not say so.
 */
export async function* followJob(jobId: string, options: FollowOptions): AsyncGenerator<SentEvent> {
  const { signal, sleep = pause } = options;
  let after = options.after;
  let failures = 0;
  for (;;) {
    let isEmpty = true;
    try {
      const headers = { accept: "text/event-stream", ...(after === undefined ? {} : { "last-event-id": after }) };
      const { body } = await call(`${workflows}/${jobId}/events`, { headers, signal });
      if (body) {
        for await (const sent of readSent(body)) {
          isEmpty = false;
          failures = 0;
          after = sent.id ?? after;
          yield sent;
          if (sent.event.event === "end") return;
        }
      }
      if (!isEmpty) continue;
      // A run that was answered this moment may not have begun again.
      if (!isGoing(await jobStatus(jobId))) return;
    } catch (error) {
      const isFinal = error instanceof ApiError && error.status !== 0 && !passing.has(error.status);
      if (signal.aborted || isFinal || failures >= RETRY_MS.length) throw error;
    }
    const wait = RETRY_MS[failures];
    if (wait === undefined) return;
    failures += 1;
    await sleep(wait, signal);
  }
}

const isGoing = (status: string | undefined) => status === "queued" || status === "in_progress";
/** Refusals of a server, or of what stands before it, that is being started anew. */
const passing = new Set([502, 503, 504]);

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(done, ms);
    signal.addEventListener("abort", done, { once: true });
    function done() {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      if (signal.aborted) reject(signal.reason);
      else resolve();
    }
  });
}
