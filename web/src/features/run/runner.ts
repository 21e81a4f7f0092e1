/** Starts, follows and stops runs of the open flow; the canvas shows one at a time. */
import { ApiError, describe } from "@/api/client";
import { followJob, type JobOrder, jobStatus, pendingOf, resumeJob, startJob, stopJob } from "@/api/jobs";
import { streamEvents } from "@/api/ndjson";
import { writeGraph } from "@/flow/document";
import { edgeOfGroup } from "@/flow/groups";
import { closeRun, type RunEvent, reduceRun, resumeRun, startRun } from "@/flow/run";
import { missingInputs } from "@/flow/validate";
import { ASKS, deadlineOf, readRequest, waitsForPeople } from "@/flow/waiting";
import { flowOf, runOfFlow, useEditor } from "@/stores/editor";
import { toast } from "@/stores/toast";
import { type Waiting, waiting } from "@/stores/waiting";
import { isRecord } from "@/util/json";
import { useChat } from "./chat-store";
import { t } from "./messages";

export interface RunRequest {
  input?: string;
  session?: string;
  files?: string[];
  /** Run what this node needs, and it. */
  stopAt?: string;
  /** Run this node and what follows it. */
  startAt?: string;
}

/** A run whose events are being read. */
interface Run {
  abort: AbortController;
  flowId: string;
  session: string;
  /** The canvas shows it; another that goes on at the same time speaks in the chat alone. */
  isShown: boolean;
  /** Of a run in the background. */
  jobId?: string;
  isStopped?: boolean;
  /** What it told before the page was loaded comes first: the chat has that already. */
  isReplay?: boolean;
}

let shown: Run | undefined;
const others = new Set<Run>();
/** Of each job the number of its last event that was read. */
const read = new Map<string, string>();
/** The job of the run on the canvas that waits for an answer. */
let resting: string | undefined;

const { changeRun } = useEditor.getState();
const chat = () => useChat.getState();

export async function runFlow(request: RunRequest): Promise<void> {
  const { meta, document, shelved } = useEditor.getState();
  if (!meta || shown) return;
  if (shelved) {
    toast.info(shelved.inside ? t.goBackToTheFlow : t.thisIsAnOlderVersion);
    return;
  }
  if (document.nodes.length === 0) {
    toast.info(t.thereIsNothingToRun);
    return;
  }
  const session = request.session ?? (chat().session || meta.id);
  const run: Run = { abort: new AbortController(), flowId: meta.id, session, isShown: true };
  begin(run);
  changeRun((state) => startRun(state, Date.now()));
  await watch(run, waitsForPeople(document) ? inBackground(run, request) : build(run, request));
}

/** A run that ends with the page: most flows. */
function build({ flowId, session, abort }: Run, request: RunRequest): AsyncGenerator<RunEvent> {
  const { document, viewport } = useEditor.getState();
  return streamEvents(`/api/v1/build/${flowId}/flow`, {
    method: "POST",
    query: {
      event_delivery: "direct",
      stop_component_id: request.stopAt && edgeOfGroup(document, request.stopAt, "last"),
      start_component_id: request.startAt && edgeOfGroup(document, request.startAt, "first"),
    },
    body: {
      inputs: { session, ...(request.input === undefined ? {} : { input_value: request.input, type: "chat" }) },
      data: writeGraph(document, viewport),
      ...(request.files?.length ? { files: request.files } : {}),
    },
    headers: { accept: "application/x-ndjson" },
    signal: abort.signal,
  });
}

/** A run that can wait for a person for days, whether a page is open or not. */
async function* inBackground(run: Run, request: RunRequest): AsyncGenerator<RunEvent> {
  const { document, viewport } = useEditor.getState();
  const order: JobOrder = {
    flow_id: run.flowId,
    data: writeGraph(document, viewport),
    ...(request.input === undefined ? {} : { input_value: request.input }),
    session_id: run.session,
    ...(request.files?.length ? { files: request.files } : {}),
    ...(request.stopAt ? { stop_component_id: edgeOfGroup(document, request.stopAt, "last") } : {}),
    ...(request.startAt ? { start_component_id: edgeOfGroup(document, request.startAt, "first") } : {}),
  };
  const jobId = await startJob(order);
  run.jobId = jobId;
  if (run.isStopped) await stopJob(jobId);
  run.abort.signal.throwIfAborted();
  yield* follow(run, jobId);
}

async function* follow(run: Run, jobId: string): AsyncGenerator<RunEvent> {
  for await (const { event, id } of followJob(jobId, { after: read.get(jobId), signal: run.abort.signal })) {
    if (id !== undefined) read.set(jobId, id);
    yield event;
    if (event.event === "end") return;
  }
  // The events end without a word: was it stopped elsewhere, or does it wait?
  const status = await jobStatus(jobId);
  if (status === "cancelled") run.abort.abort();
  run.abort.signal.throwIfAborted();
  if (status !== "suspended") return;
  const request = (await pendingOf(run.flowId)).find((item) => isRecord(item) && item.job_id === jobId);
  if (isRecord(request)) yield { event: ASKS, data: request };
}

function begin(run: Run): void {
  shown = run;
  resting = undefined;
  if (isTalkedTo(run)) chat().set({ isRunning: true });
}

const isTalkedTo = (run: Run) => chat().session === run.session || chat().session === "";

/** Shows the events of a run until it ends, fails, is stopped, or waits for a person. */
async function watch(run: Run, events: AsyncIterable<RunEvent>): Promise<void> {
  const close = (phase: "done" | "stopped" | "failed", text?: string) => {
    if (run.isShown) changeRun((state) => closeRun(state, phase, Date.now(), text));
    else if (text !== undefined) toast.error(text);
  };
  try {
    let waits = false;
    for await (const event of events) {
      waits = take(run, event);
      if (waits) break;
    }
    if (!waits) close("done");
  } catch (error) {
    if (run.abort.signal.aborted) close("stopped");
    else close("failed", explain(describe(error)));
  } finally {
    if (shown === run) shown = undefined;
    others.delete(run);
    if (isTalkedTo(run)) chat().apply({ event: "end", data: {} });
    if (run.isShown && !shown) chat().set({ isRunning: false });
  }
}

/** Whether the run waits for a person now. */
function take(run: Run, event: RunEvent): boolean {
  const request = event.event === ASKS ? readRequest(event.data, run.jobId) : undefined;
  if (request && waiting().fates[request.id]?.kind === "answered") {
    run.isReplay = false;
    return false;
  }
  if (run.isShown) changeRun((state) => reduceRun(state, event, Date.now()));
  if (!run.isReplay && isTalkedTo(run)) chat().apply(event);
  if (!request) return false;
  if (run.isShown) resting = request.jobId;
  waiting().add({ ...request, session: run.session, since: Date.now() });
  chat().refresh();
  return true;
}

/** Adds what this page can see to a refusal of the whole run. */
function explain(text: string): string {
  const missing = missingInputs(flowOf(useEditor.getState())).map((problem) => problem.text);
  return missing.length > 0 ? `${text} ${missing.join(" ")}` : text;
}

/** Gives a run the answer it waits for, and shows how it goes on. */
export async function answerRequest(request: Waiting, action: string): Promise<void> {
  const { settle, fates } = waiting();
  const fate = fates[request.id]?.kind;
  if (fate === "sending" || fate === "answered") return;
  settle(request.id, { kind: "sending", action });
  try {
    await resumeJob(request.jobId, request.id, action);
  } catch (error) {
    await refuse(request, error);
    return;
  }
  settle(request.id, { kind: "answered", action });
  if ((deadlineOf(request) ?? Number.POSITIVE_INFINITY) < Date.now())
    toast.info(request.fallback ? t.aLateAnswerTookTheFallback : t.aLateAnswerTookNoBranch);
  await goOn(request);
}

async function refuse(request: Waiting, error: unknown): Promise<void> {
  const { settle } = waiting();
  const status = error instanceof ApiError ? error.status : 0;
  // The server may have reasons of its own not to go on now: then the run still waits.
  const waits = status === 409 && (await jobStatus(request.jobId).catch(() => undefined)) === "suspended";
  if (waits || (status !== 404 && status !== 409)) {
    settle(request.id, { kind: "refused", text: status === 422 ? t.thisChoiceIsNotTaken : describe(error) });
    return;
  }
  settle(request.id, { kind: "over", text: status === 404 ? t.thisRunIsGone : t.itWasAnsweredAlready });
  chat().refresh();
  if (resting === request.jobId) void goOn(request);
}

/** Reads on where a run stopped to wait. */
async function goOn({ jobId, session, nodeId }: Waiting): Promise<void> {
  const { meta } = useEditor.getState();
  if (!meta) return;
  const abort = new AbortController();
  const run: Run = { abort, flowId: meta.id, session, jobId, isShown: !shown, isReplay: !read.has(jobId) };
  if (run.isShown) {
    begin(run);
    changeRun((state) => resumeRun(state, nodeId, Date.now()));
  } else others.add(run);
  await watch(run, follow(run, jobId));
  chat().refresh();
}

/** Takes the server's list of what waits, as it was asked for at a time. */
export function takePending(flowId: string, items: unknown[], asked: number): void {
  const found = items.flatMap((item) => {
    const request = readRequest(item);
    const session = isRecord(item) && typeof item.session_id === "string" ? item.session_id : flowId;
    return request ? { ...request, session, since: Date.now() } : [];
  });
  const { came, gone } = waiting().sync(found, asked);
  for (const request of gone) {
    waiting().settle(request.id, { kind: "over", text: t.itWasAnsweredAlready });
    if (resting === request.jobId && !shown) void goOn(request);
  }
  if (came.length + gone.length > 0) chat().refresh();
}

/** Ends the run that goes on, or the one on the canvas that waits. */
export function stopRun(): void {
  if (!shown) {
    const request = Object.values(waiting().requests).find(({ jobId }) => jobId === resting);
    if (request) void stopWaiting(request);
    return;
  }
  shown.isStopped = true;
  shown.abort.abort();
  if (shown.jobId) void stopJob(shown.jobId).catch((error: unknown) => toast.error(describe(error)));
}

/** Ends a run that waits for an answer. */
export async function stopWaiting(request: Waiting): Promise<void> {
  try {
    await stopJob(request.jobId);
  } catch (error) {
    toast.error(describe(error));
    return;
  }
  waiting().settle(request.id, { kind: "over", text: t.theRunWasStopped });
  if (runOfFlow(useEditor.getState()).phase === "waiting" && resting === request.jobId) {
    resting = undefined;
    changeRun((state) => closeRun(state, "stopped", Date.now()));
  }
  chat().refresh();
}

/** The page is left: a run of its own ends with it, one in the background goes on by itself. */
export function leaveRuns(): void {
  for (const run of [shown, ...others]) run?.abort.abort();
  read.clear();
  resting = undefined;
  waiting().clear();
}
