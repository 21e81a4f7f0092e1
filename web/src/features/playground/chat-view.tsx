import { ArrowDown, ArrowUp, Paperclip, Square, X } from "lucide-react";
import { type FormEvent, type KeyboardEvent, useEffect, useLayoutEffect, useRef, useState } from "react";
import type { ChatMessage } from "@/flow/chat";
import type { Waiting } from "@/stores/waiting";
import { IconButton } from "@/ui/button";
import { cn } from "@/util/cn";
import { MessageCard } from "./message-card";
import { t } from "./messages";

export interface ChatViewProps {
  messages: ChatMessage[];
  isRunning: boolean;
  /** Why nothing can be sent, when so. */
  blocked?: string | undefined;
  onSend: (text: string, files: string[]) => void;
  onStop: () => void;
  /** Without it, nothing can be attached. */
  onUpload?: (file: File) => Promise<string | undefined>;
  onEdit?: (message: ChatMessage, text: string) => void;
  onRate?: (message: ChatMessage, isGood: boolean | null) => void;
  onShowNode?: (nodeId: string) => void;
  /** Drops an answer and its question, and asks again. */
  onRegenerate?: (message: ChatMessage) => void;
  /** Gives a run that waits its answer. */
  onAnswer?: (request: Waiting, action: string) => void;
  onStopWaiting?: (request: Waiting) => void;
  /** Where an attachment can be seen. */
  fileUrl: (path: string) => string;
}

/** After a run ends, this long nothing is sent: a click that was meant for Stop must not start a run. */
const PAUSE_MS = 600;

export function ChatView(props: ChatViewProps) {
  const { messages, isRunning, onEdit, onRate, onShowNode, onRegenerate, onAnswer, onStopWaiting, fileUrl, onSend } =
    props;
  const scroller = useRef<HTMLDivElement>(null);
  const [isAtEnd, setIsAtEnd] = useState(true);
  const last = messages.at(-1);
  const mark = `${messages.length} ${last?.text.length ?? 0}`;

  useLayoutEffect(() => {
    void mark;
    const box = scroller.current;
    if (box && isAtEnd) box.scrollTop = box.scrollHeight;
  }, [mark, isAtEnd]);

  const isWaiting = isRunning && (last === undefined || last.sender === "User" || last.questions.length > 0);
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <div className="relative min-h-0 flex-1">
        <div
          ref={scroller}
          role="log"
          aria-label={t.messages}
          aria-live="polite"
          tabIndex={0}
          className="h-full overflow-y-auto"
          onScroll={(event) => {
            const box = event.currentTarget;
            setIsAtEnd(box.scrollHeight - box.scrollTop - box.clientHeight < 48);
          }}
        >
          <div className="mx-auto grid max-w-3xl gap-2 p-4">
            {messages.length === 0 ? <p className="py-16 text-center text-ink-soft">{t.saySomethingToTryThe}</p> : null}
            {messages.map((message) => (
              <MessageCard
                key={message.id}
                message={message}
                isRunning={isRunning}
                fileUrl={fileUrl}
                {...(onEdit ? { onEdit } : {})}
                {...(onRate ? { onRate } : {})}
                {...(onShowNode ? { onShowNode } : {})}
                {...(onRegenerate && message === last ? { onRegenerate } : {})}
                {...(onAnswer ? { onAnswer } : {})}
                {...(onStopWaiting ? { onStopWaiting } : {})}
                onAgain={(text) => onSend(text, [])}
              />
            ))}
            {isWaiting ? (
              <p role="status" className="flex items-center gap-2 text-sm text-ink-soft">
                <span className="h-2 w-2 animate-pulse rounded-full bg-accent" aria-hidden="true" /> {t.working}
              </p>
            ) : null}
          </div>
        </div>
        {isAtEnd ? null : (
          <IconButton
            label={t.toTheNewestMessage}
            look="plain"
            className="absolute bottom-3 left-1/2 -translate-x-1/2 shadow-card"
            onClick={() => setIsAtEnd(true)}
          >
            <ArrowDown size={16} aria-hidden="true" />
          </IconButton>
        )}
      </div>
      <Composer {...props} />
    </div>
  );
}

function Composer({ isRunning, blocked, onSend, onStop, onUpload }: ChatViewProps) {
  const [text, setText] = useState("");
  const [files, setFiles] = useState<{ name: string; path: string | undefined }[]>([]);
  const [isPaused, setIsPaused] = useState(false);
  const was = useRef(isRunning);
  const box = useRef<HTMLTextAreaElement>(null);
  const picker = useRef<HTMLInputElement>(null);

  useEffect(() => {
    const ended = was.current && !isRunning;
    was.current = isRunning;
    if (!ended) return;
    setIsPaused(true);
    const timer = setTimeout(() => setIsPaused(false), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [isRunning]);

  const isUploading = files.some((file) => file.path === undefined);
  const canSend = !isRunning && !isPaused && !isUploading && !blocked && (text.trim() !== "" || files.length > 0);
  const send = (event?: FormEvent) => {
    event?.preventDefault();
    if (!canSend) return;
    onSend(
      text,
      files.flatMap((file) => file.path ?? []),
    );
    setText("");
    setFiles([]);
    box.current?.focus();
  };
  const press = (event: KeyboardEvent) => {
    if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    send();
  };
  const attach = async (list: File[]) => {
    if (!onUpload) return;
    for (const file of list) {
      const entry = { name: file.name, path: undefined };
      setFiles((now) => [...now, entry]);
      const path = await onUpload(file);
      setFiles((now) =>
        path
          ? now.map((other) => (other === entry ? { ...entry, path } : other))
          : now.filter((other) => other !== entry),
      );
    }
  };

  return (
    <form
      onSubmit={send}
      aria-label={t.writeAMessage}
      className="border-t border-line p-3"
      onDragOver={(event) => event.preventDefault()}
      onDrop={(event) => {
        event.preventDefault();
        void attach([...event.dataTransfer.files]);
      }}
    >
      <div className="mx-auto grid max-w-3xl gap-2 rounded-xl border border-line bg-surface p-2 focus-within:border-accent">
        {files.length > 0 ? (
          <ul className="flex flex-wrap gap-1.5">
            {files.map((file) => (
              <li
                key={`${file.name} ${file.path ?? ""}`}
                className={cn(
                  "flex items-center gap-1.5 rounded-lg bg-sunken px-2 py-1 text-[13px]",
                  !file.path && "animate-pulse",
                )}
              >
                {file.name}
                <button
                  type="button"
                  aria-label={t.remove(file.name)}
                  onClick={() => setFiles(files.filter((other) => other !== file))}
                >
                  <X size={13} aria-hidden="true" />
                </button>
              </li>
            ))}
          </ul>
        ) : null}
        <textarea
          ref={box}
          autoFocus
          data-testid="input-chat-playground"
          aria-label={t.message}
          rows={2}
          placeholder={blocked ?? t.sendAMessage}
          className="max-h-48 w-full resize-none bg-transparent px-1.5 py-1 text-sm outline-none"
          value={text}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={press}
          onPaste={(event) => {
            if (event.clipboardData.files.length > 0) void attach([...event.clipboardData.files]);
          }}
        />
        <div className="flex items-center justify-between">
          <input
            ref={picker}
            type="file"
            multiple
            hidden
            aria-label={t.filesToAttach}
            onChange={(event) => {
              void attach([...(event.target.files ?? [])]);
              event.target.value = "";
            }}
          />
          {onUpload ? (
            <IconButton label={t.attachFiles} data-testid="attach-button" onClick={() => picker.current?.click()}>
              <Paperclip size={16} aria-hidden="true" />
            </IconButton>
          ) : (
            <span />
          )}
          {isRunning ? (
            <IconButton label={t.stop} data-testid="button-stop" look="danger" onClick={onStop}>
              <Square size={14} aria-hidden="true" />
            </IconButton>
          ) : (
            <IconButton label={t.send} data-testid="button-send" type="submit" look="primary" disabled={!canSend}>
              <ArrowUp size={16} aria-hidden="true" />
            </IconButton>
          )}
        </div>
      </div>
    </form>
  );
}
