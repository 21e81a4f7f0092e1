import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Ellipsis, Plus, X } from "lucide-react";
import { useEffect, useState } from "react";
import { showNode } from "@/actions/show-node";
import { api, describe } from "@/api/client";
import type { StoredMessage } from "@/api/types";
import { type ChatMessage, put, readMessage } from "@/flow/chat";
import { confirm } from "@/stores/confirm";
import { useEditor } from "@/stores/editor";
import { toast } from "@/stores/toast";
import { view } from "@/stores/view";
import type { Waiting } from "@/stores/waiting";
import { IconButton } from "@/ui/button";
import { Select } from "@/ui/form";
import { Menu } from "@/ui/menu";
import { useChat } from "../run/chat-store";
import { answerRequest, runFlow, stopRun, stopWaiting } from "../run/runner";
import { ChatView } from "./chat-view";
import { t } from "./messages";
import { RenameDialog } from "./rename-dialog";

const v1 = "/api/v1";
const PAGE = 100;

/** Talking to the open flow, beside its canvas. */
export default function Playground() {
  const meta = useEditor((state) => state.meta);
  const hasChat = useEditor((state) =>
    state.document.nodes.some((node) => node.data.type === "ChatInput" || node.data.type === "ChatOutput"),
  );
  const { session, messages, isRunning, set } = useChat();
  const flowId = meta?.id ?? "";
  const queries = useQueryClient();
  const sessions = useQuery({
    queryKey: ["sessions", flowId],
    enabled: flowId !== "",
    staleTime: 0,
    queryFn: ({ signal }) =>
      api<string[]>(`${v1}/monitor/messages/sessions`, { query: { flow_id: flowId, limit: 100 }, signal }),
  });
  const [isRenamed, setIsRenamed] = useState(false);
  useStoredMessages(flowId, session);

  const known = [...new Set([flowId, ...(sessions.data ?? []), session])].filter(Boolean);
  const send = async (text: string, files: string[]) => {
    await runFlow({ input: text, session, files });
    await queries.invalidateQueries({ queryKey: ["sessions", flowId] });
  };
  /** The question and its answer go, and the question is asked again. */
  const regenerate = async (answer: ChatMessage) => {
    const at = messages.findIndex((message) => message.id === answer.id);
    const asked = messages.slice(0, at).findLastIndex((message) => message.sender === "User");
    const question = messages[asked];
    if (!question || isRunning) return;
    const gone = messages.slice(asked, at + 1).map((message) => message.id);
    try {
      await api(`${v1}/monitor/messages`, { method: "DELETE", body: gone });
    } catch (error) {
      toast.error(describe(error));
      return;
    }
    set({ messages: useChat.getState().messages.filter((message) => !gone.includes(message.id)) });
    await send(question.text, question.files);
  };
  const choose = (next: string) => {
    if (isRunning) {
      toast.info(t.stopTheRunBeforeYou);
      return;
    }
    set({ session: next, messages: [] });
  };
  const remove = async () => {
    const yes = await confirm({
      title: t.deleteTheSession(titleOf(session, flowId)),
      text: t.allItsMessagesAreDeleted,
      yes: t.deleteText,
      danger: true,
    });
    if (!yes) return;
    try {
      await api(`${v1}/monitor/messages/session/${encodeURIComponent(session)}`, { method: "DELETE" });
      set({ session: flowId, messages: [] });
    } catch (error) {
      toast.error(describe(error));
    }
    await queries.invalidateQueries({ queryKey: ["sessions", flowId] });
  };

  return (
    <aside
      aria-label={t.playground}
      className="absolute inset-0 z-30 flex w-full shrink-0 flex-col border-l border-line bg-bg md:static md:w-[27rem]"
    >
      <div className="flex items-center gap-1.5 border-b border-line px-3 py-2">
        <Select
          aria-label={t.session}
          data-testid="session-selector"
          className="min-w-0 flex-1"
          value={session}
          onChange={(event) => choose(event.target.value)}
        >
          {known.map((id) => (
            <option key={id} value={id}>
              {titleOf(id, flowId)}
            </option>
          ))}
        </Select>
        <IconButton label={t.newSession} data-testid="new-chat" onClick={() => choose(newSession())}>
          <Plus size={16} aria-hidden="true" />
        </IconButton>
        <Menu
          trigger={
            <IconButton label={t.moreForThisSession} data-testid={`session-${session}-more-menu`}>
              <Ellipsis size={16} aria-hidden="true" />
            </IconButton>
          }
          items={[
            {
              label: t.rename,
              testId: "rename-session-option",
              disabled: messages.length === 0,
              onSelect: () => setIsRenamed(true),
            },
            { label: t.deleteText, testId: "delete-session-option", danger: true, onSelect: () => void remove() },
          ]}
        />
        <IconButton
          label={t.closeThePlayground}
          data-testid="playground-close-button"
          onClick={() => view().set({ playground: false })}
        >
          <X size={16} aria-hidden="true" />
        </IconButton>
      </div>
      <ChatView
        messages={messages}
        isRunning={isRunning}
        blocked={hasChat ? undefined : t.addAChatInputOr}
        onSend={(text, files) => void send(text, files)}
        onStop={stopRun}
        onUpload={(file) => uploadTo(flowId, file)}
        onEdit={(message, text) => void patch(message, { text, edit: true })}
        onRate={(message, isGood) =>
          void patch(message, { properties: { ...message.properties, positive_feedback: isGood } })
        }
        onShowNode={showNode}
        onRegenerate={(answer) => void regenerate(answer)}
        onAnswer={answer}
        onStopWaiting={stopAsking}
        fileUrl={imageUrl}
      />
      {isRenamed ? (
        <RenameDialog
          name={titleOf(session, flowId)}
          onClose={() => setIsRenamed(false)}
          onSave={async (name) => {
            await api(`${v1}/monitor/messages/session/${encodeURIComponent(session)}`, {
              method: "PATCH",
              query: { new_session_id: name },
            });
            set({ session: name });
            await queries.invalidateQueries({ queryKey: ["sessions", flowId] });
          }}
        />
      ) : null}
    </aside>
  );
}

const answer = (request: Waiting, action: string) => void answerRequest(request, action);
const stopAsking = (request: Waiting) => void stopWaiting(request);

const titleOf = (session: string, flowId: string) => (session === flowId ? t.defaultSession : session);

function newSession(): string {
  const now = new Date();
  const two = (value: number) => String(value).padStart(2, "0");
  return `Session ${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())} ${two(now.getHours())}:${two(now.getMinutes())}:${two(now.getSeconds())}`;
}

/** Loads what was said before; what a run has said meanwhile stays. */
function useStoredMessages(flowId: string, session: string) {
  const reads = useChat((state) => state.reads);
  useEffect(() => {
    if (!flowId || !session) return;
    void reads;
    const abort = new AbortController();
    void api<StoredMessage[]>(`${v1}/monitor/messages`, {
      query: { flow_id: flowId, session_id: session, order: "ASC", limit: PAGE },
      signal: abort.signal,
    })
      .then((stored) => {
        const state = useChat.getState();
        if (abort.signal.aborted || state.session !== session) return;
        const old = stored.flatMap((message) => readMessage(message) ?? []);
        // Whether a question was answered is what the server says.
        const asked = old.filter((message) => message.questions.length > 0);
        state.set({ messages: asked.reduce(put, state.messages.reduce(put, old)) });
      })
      .catch((error: unknown) => {
        if (!abort.signal.aborted) toast.error(t.theMessagesWereNotLoaded(describe(error)));
      });
    return () => abort.abort();
  }, [flowId, session, reads]);
}

async function patch(message: ChatMessage, change: Record<string, unknown>) {
  try {
    const saved = readMessage(
      await api<unknown>(`${v1}/monitor/messages/${message.id}`, { method: "PUT", body: change }),
    );
    const state = useChat.getState();
    if (saved)
      state.set({
        messages: put(state.messages, { ...message, ...saved, isEdited: saved.isEdited || message.isEdited }),
      });
  } catch (error) {
    toast.error(describe(error));
  }
}

async function uploadTo(flowId: string, file: File): Promise<string | undefined> {
  const form = new FormData();
  form.append("file", file);
  try {
    return (await api<{ file_path: string }>(`${v1}/files/upload/${flowId}`, { method: "POST", raw: form })).file_path;
  } catch (error) {
    toast.error(`${file.name}: ${describe(error)}`);
    return undefined;
  }
}

/** The last two parts of a stored path are flow and file, whatever stands before them. */
function imageUrl(path: string): string {
  return `${v1}/files/images/${path.split("/").slice(-2).map(encodeURIComponent).join("/")}`;
}
