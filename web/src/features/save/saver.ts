/**
 * Saves the open flow some quiet time after each change. A save names the version it builds on, so a
 * newer one is never overwritten unseen; when the server is away it tries again until it is back.
 */
import { ApiError, api, describe, SIGNED_OUT } from "@/api/client";
import type { Flow } from "@/api/types";
import { graphChanges } from "@/flow/changes";
import { type FlowDocument, writeGraph } from "@/flow/document";
import { flowOf, type SaveState, useEditor } from "@/stores/editor";
import { dropDraft, keepDraft } from "./draft";

const QUIET_MS = 1000;
const RETRY_MS = [2000, 5000, 10_000, 30_000];

let timer: ReturnType<typeof setTimeout> | undefined;
let saving: Promise<void> | undefined;
let failures = 0;

const put = (save: SaveState) => useEditor.setState({ save });

/** Watches the open document; the answer stops watching. */
export function watchDocument(): () => void {
  const stop = useEditor.subscribe((state, before) => {
    if (state.meta?.id !== before.meta?.id || state.revision === before.revision || state.revision === 0) return;
    if (blocked(state.save)) return;
    if (state.save.kind !== "saving") put({ kind: "unsaved" });
    plan(QUIET_MS);
  });
  let isSignedOut = false;
  const leave = (event: BeforeUnloadEvent) => {
    const { save } = useEditor.getState();
    if (save.kind === "saved" || save.kind === "locked") return;
    keepNow();
    // The way to the sign-in page leads back here, where the draft is offered.
    if (!isSignedOut) event.preventDefault();
  };
  const signedOut = () => {
    isSignedOut = true;
  };
  const back = () => {
    if (useEditor.getState().save.kind === "offline") void saveNow();
  };
  addEventListener("beforeunload", leave);
  addEventListener("online", back);
  addEventListener(SIGNED_OUT, signedOut);
  return () => {
    stop();
    clearTimeout(timer);
    removeEventListener("beforeunload", leave);
    removeEventListener("online", back);
    removeEventListener(SIGNED_OUT, signedOut);
    if (useEditor.getState().save.kind === "unsaved") void saveNow();
  };
}

/** States in which saving waits for the person. */
function blocked(save: SaveState): boolean {
  return save.kind === "conflict" || save.kind === "locked" || save.kind === "gone";
}

function plan(wait: number) {
  clearTimeout(timer);
  timer = setTimeout(() => {
    keepNow();
    void saveNow();
  }, wait);
}

function keepNow() {
  const { meta, viewport } = useEditor.getState();
  if (meta) keepDraft(meta.id, writeGraph(flowOf(useEditor.getState()), viewport), Date.now());
}

export async function saveNow(): Promise<void> {
  clearTimeout(timer);
  if (saving) {
    await saving;
    if (useEditor.getState().save.kind !== "unsaved") return;
  }
  saving = saveOnce().finally(() => {
    saving = undefined;
  });
  await saving;
}

async function saveOnce(): Promise<void> {
  const { meta, base, viewport, revision, versionToken, save } = useEditor.getState();
  const document = flowOf(useEditor.getState());
  if (!meta || blocked(save)) return;
  put({ kind: "saving" });
  try {
    const body = versionToken
      ? { graph_changes: graphChanges(base, document, viewport) }
      : { data: writeGraph(document, viewport) };
    const saved = await api<Flow>(`/api/v1/flows/${meta.id}`, {
      method: "PATCH",
      body,
      ...(versionToken ? { headers: { "if-match": versionToken } } : {}),
    });
    failures = 0;
    accept(saved, document, revision);
  } catch (error) {
    if (useEditor.getState().meta?.id === meta.id) refuse(error);
  }
}

function accept(saved: Flow, document: FlowDocument, revision: number) {
  const state = useEditor.getState();
  if (state.meta?.id !== saved.id) return;
  const isLatest = state.revision === revision;
  useEditor.setState({
    base: document,
    versionToken: saved.version_token ?? undefined,
    save: { kind: isLatest ? "saved" : "unsaved" },
    meta: { ...state.meta, updated_at: saved.updated_at ?? "", version_token: saved.version_token ?? null },
  });
  if (isLatest) dropDraft(saved.id);
  else plan(QUIET_MS);
}

function refuse(error: unknown) {
  const status = error instanceof ApiError ? error.status : -1;
  if (status === 409 || status === 412) return put({ kind: "conflict" });
  if (status === 423) return put({ kind: "locked" });
  if (status === 404) return put({ kind: "gone" });
  if (status === 0 || status >= 500) {
    put({ kind: "offline", text: describe(error) });
    plan(RETRY_MS[Math.min(failures, RETRY_MS.length - 1)] ?? 30_000);
    failures += 1;
    return;
  }
  put({ kind: "failed", text: describe(error) });
}
