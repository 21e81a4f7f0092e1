/** Starts and stops runs of the open flow; one at a time. */
import { describe } from "@/api/client";
import { streamEvents } from "@/api/ndjson";
import { writeGraph } from "@/flow/document";
import { edgeOfGroup } from "@/flow/groups";
import { closeRun, reduceRun, startRun } from "@/flow/run";
import { missingInputs } from "@/flow/validate";
import { useEditor } from "@/stores/editor";
import { toast } from "@/stores/toast";
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

let going: AbortController | undefined;

export function stopRun(): void {
  going?.abort();
}

export async function runFlow(request: RunRequest): Promise<void> {
  const { meta, document, viewport } = useEditor.getState();
  if (!meta || going) return;
  if (useEditor.getState().shelved) {
    toast.info(useEditor.getState().shelved?.inside ? t.goBackToTheFlow : t.thisIsAnOlderVersion);
    return;
  }
  if (document.nodes.length === 0) {
    toast.info(t.thereIsNothingToRun);
    return;
  }
  const abort = new AbortController();
  going = abort;
  useEditor.setState((state) => ({ run: startRun(state.run, Date.now()) }));
  useChat.getState().set({ isRunning: true });
  const session = request.session ?? (useChat.getState().session || meta.id);
  try {
    const events = streamEvents(`/api/v1/build/${meta.id}/flow`, {
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
    for await (const event of events) {
      useEditor.setState((state) => ({ run: reduceRun(state.run, event, Date.now()) }));
      useChat.getState().apply(event);
    }
    close("done");
  } catch (error) {
    if (abort.signal.aborted) close("stopped");
    else close("failed", explain(describe(error)));
  } finally {
    going = undefined;
    useChat.getState().apply({ event: "end", data: {} });
    useChat.getState().set({ isRunning: false });
  }
}

function close(phase: "done" | "stopped" | "failed", text?: string) {
  useEditor.setState((state) => ({ run: closeRun(state.run, phase, Date.now(), text) }));
}

/** Adds what this page can see to a refusal of the whole run. */
function explain(text: string): string {
  const missing = missingInputs(useEditor.getState().document).map((problem) => problem.text);
  return missing.length > 0 ? `${text} ${missing.join(" ")}` : text;
}
