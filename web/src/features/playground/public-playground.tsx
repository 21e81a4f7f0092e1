import { useQuery } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { ApiError, api, describe } from "@/api/client";
import { streamEvents } from "@/api/ndjson";
import type { Flow, StoredMessage } from "@/api/types";
import { type ChatMessage, put, readMessage, reduceChat, settle } from "@/flow/chat";
import { toast } from "@/stores/toast";
import { IconButton } from "@/ui/button";
import { Select } from "@/ui/form";
import { Failed, Skeleton } from "@/ui/skeleton";
import { ChatView } from "./chat-view";
import { t } from "./messages";

const v1 = "/api/v1";
const YEAR_SECONDS = 31_536_000;

/** Names this visitor to the server, so that conversations of strangers stay apart. */
function ensureVisitor(): void {
  if (document.cookie.split("; ").some((cookie) => cookie.startsWith("client_id="))) return;
  // In a frame of another site only a partitioned cookie is kept, and that only over HTTPS.
  const reach = window.self === window.top ? "samesite=lax" : "samesite=none; secure; partitioned";
  // biome-ignore lint/suspicious/noDocumentCookie: the cookie store is missing outside secure contexts
  document.cookie = `client_id=${randomId()}; path=/; max-age=${YEAR_SECONDS}; ${reach}`;
}

function randomId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

interface PublicFlow extends Flow {
  public_access?: { can_attach?: boolean };
}

/** Keeps a file with this visitor's use of the flow; answers what a run takes. */
async function attach(flowId: string, file: File): Promise<string | undefined> {
  const form = new FormData();
  form.append("file", file);
  try {
    const path = `${v1}/build_public_tmp/${flowId}/files`;
    return (await api<{ file_path: string }>(path, { method: "POST", raw: form, anonymous: true })).file_path;
  } catch (error) {
    toast.error(`${file.name}: ${describe(error)}`);
    return undefined;
  }
}

/** A shared flow as a page of its own, without an account. */
export function PublicPlayground({ flowId }: { flowId: string }) {
  ensureVisitor();
  const flow = useQuery({
    queryKey: ["public", flowId],
    queryFn: ({ signal }) => api<PublicFlow>(`${v1}/flows/public_flow/${flowId}`, { anonymous: true, signal }),
  });
  const [session, setSession] = useState("");
  const [own, setOwn] = useState<string[]>([]);
  const sessions = useQuery({
    queryKey: ["public-sessions", flowId],
    queryFn: ({ signal }) =>
      api<string[]>(`${v1}/monitor/messages/shared/sessions`, {
        query: { source_flow_id: flowId },
        anonymous: true,
        signal,
      }).catch(() => []),
  });
  const [messages, setMessages] = useState<ChatMessage[]>([]);
  const [isRunning, setIsRunning] = useState(false);
  const going = useRef<AbortController>(undefined);

  useEffect(() => {
    const abort = new AbortController();
    setMessages([]);
    if (!session) return;
    void api<StoredMessage[]>(`${v1}/monitor/messages/shared`, {
      query: { source_flow_id: flowId, session_id: session, order: "ASC", limit: 100 },
      anonymous: true,
      signal: abort.signal,
    })
      .then((stored) =>
        setMessages((now) =>
          now.reduce(
            put,
            stored.flatMap((message) => readMessage(message) ?? []),
          ),
        ),
      )
      .catch(() => undefined);
    return () => abort.abort();
  }, [flowId, session]);

  const send = async (text: string, files: string[]) => {
    const abort = new AbortController();
    going.current = abort;
    setIsRunning(true);
    try {
      const events = streamEvents(`${v1}/build_public_tmp/${flowId}/flow`, {
        method: "POST",
        query: { event_delivery: "direct" },
        body: {
          inputs: { input_value: text, type: "chat", ...(session ? { session } : {}) },
          ...(files.length > 0 ? { files } : {}),
        },
        anonymous: true,
        signal: abort.signal,
      });
      for await (const event of events) setMessages((now) => reduceChat(now, event));
    } catch (error) {
      if (!abort.signal.aborted) toast.error(describe(error));
    } finally {
      setMessages(settle);
      setIsRunning(false);
    }
  };
  const known = [...new Set([...own, ...(sessions.data ?? []), session])].filter(Boolean);

  if (flow.isPending) {
    return (
      <main className="p-6">
        <Skeleton rows={4} label={t.loadingThePlayground} />
      </main>
    );
  }
  if (flow.isError) {
    const isPrivate = flow.error instanceof ApiError && (flow.error.status === 404 || flow.error.status === 403);
    return (
      <main className="mx-auto max-w-md p-10">
        <Failed text={isPrivate ? t.thisPlaygroundIsNotPublic : describe(flow.error)} />
      </main>
    );
  }
  return (
    <div className="flex h-full flex-col">
      <header className="flex items-center gap-2 border-b border-line px-4 py-2">
        <img src="/favicon.svg" alt="" width={22} height={22} />
        <h1 className="min-w-0 flex-1 truncate font-semibold">{flow.data.name}</h1>
        {known.length > 0 ? (
          <Select
            aria-label={t.session}
            data-testid="session-selector"
            className="w-44"
            value={session}
            onChange={(event) => setSession(event.target.value)}
          >
            <option value="">{t.defaultSession}</option>
            {known.map((id) => (
              <option key={id} value={id}>
                {id}
              </option>
            ))}
          </Select>
        ) : null}
        <IconButton
          label={t.newSession}
          data-testid="new-chat"
          disabled={isRunning}
          onClick={() => {
            const next = `Session ${known.length + 1}`;
            setOwn([...own, next]);
            setSession(next);
          }}
        >
          <Plus size={16} aria-hidden="true" />
        </IconButton>
      </header>
      <main className="flex min-h-0 flex-1">
        <ChatView
          messages={messages}
          isRunning={isRunning}
          onSend={(text, files) => void send(text, files)}
          onStop={() => going.current?.abort()}
          {...(flow.data.public_access?.can_attach ? { onUpload: (file: File) => attach(flowId, file) } : {})}
          fileUrl={(path) =>
            `${v1}/build_public_tmp/${flowId}/files/${encodeURIComponent(path.split("/").at(-1) ?? "")}`
          }
        />
      </main>
    </div>
  );
}
