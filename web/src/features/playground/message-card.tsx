import { Bot, Check, ChevronRight, Copy, Pencil, RotateCcw, ThumbsDown, ThumbsUp, User } from "lucide-react";
import { lazy, memo, Suspense, useState } from "react";
import type { ChatMessage, ToolCall } from "@/flow/chat";
import type { Waiting } from "@/stores/waiting";
import { Button, IconButton } from "@/ui/button";
import { TextArea } from "@/ui/form";
import { cn } from "@/util/cn";
import { copyText } from "@/util/download";
import { asText } from "@/util/json";
import { duration, longTime } from "@/util/time";
import { HumanCard } from "./human-card";
import { t } from "./messages";

const Markdown = lazy(() => import("@/ui/markdown"));

export interface MessageCardProps {
  message: ChatMessage;
  isRunning: boolean;
  fileUrl: (path: string) => string;
  onEdit?: (message: ChatMessage, text: string) => void;
  onRate?: (message: ChatMessage, isGood: boolean | null) => void;
  onShowNode?: (nodeId: string) => void;
  onRegenerate?: (message: ChatMessage) => void;
  onAgain: (text: string) => void;
  onAnswer?: (request: Waiting, action: string) => void;
  onStopWaiting?: (request: Waiting) => void;
}

const images = /\.(png|jpe?g|gif|webp|bmp|svg)$/i;

export const MessageCard = memo(function MessageCard(props: MessageCardProps) {
  const { message, fileUrl, onEdit, onAnswer, onStopWaiting } = props;
  const [isEdited, setIsEdited] = useState(false);
  const isUser = message.sender === "User";
  // A question has no words of its own that could be copied or changed.
  const isQuestion = message.questions.length > 0 && message.text === "";
  if (message.isError) return <ErrorCard {...props} />;
  return (
    <article
      aria-label={`${message.name}, ${longTime(message.time)}`}
      data-testid={`chat-message-${message.name}-${message.text.slice(0, 80)}`}
      className="group grid grid-cols-[2rem_1fr] gap-3"
    >
      <span
        aria-hidden="true"
        className={cn(
          "grid h-8 w-8 place-items-center rounded-full",
          isUser ? "bg-sunken" : "bg-accent-soft text-accent",
        )}
      >
        {isUser ? <User size={16} /> : <Bot size={16} />}
      </span>
      <div className="min-w-0">
        <div className="mb-1 flex items-center gap-2 text-[13px]">
          <span className="font-semibold">{message.name}</span>
          {message.isEdited ? <span className="text-ink-soft">{t.edited}</span> : null}
          <span className="flex-1" />
          <span data-testid="chat-message-token-usage" className="text-xs tabular-nums text-ink-soft">
            {[
              message.tokens === undefined ? "" : t.tokens(message.tokens),
              message.seconds === undefined ? "" : duration(message.seconds),
            ]
              .filter(Boolean)
              .join(" · ")}
          </span>
        </div>
        {message.tools.map((tool, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: calls keep their order
          <ToolCard key={index} tool={tool} />
        ))}
        {message.questions.map((question) => (
          <HumanCard
            key={question.request.id}
            question={question}
            session={message.session}
            onAnswer={onAnswer}
            onStopWaiting={onStopWaiting}
          />
        ))}
        {message.files.length > 0 ? (
          <ul className="mb-2 flex flex-wrap gap-2">
            {message.files.map((path) => (
              <li key={path}>
                <Attachment path={path} url={fileUrl(path)} />
              </li>
            ))}
          </ul>
        ) : null}
        {isQuestion ? null : isEdited && onEdit ? (
          <Editing
            text={message.text}
            onCancel={() => setIsEdited(false)}
            onSave={(text) => {
              setIsEdited(false);
              onEdit(message, text);
            }}
          />
        ) : (
          <div
            data-testid="div-chat-message"
            className={cn("text-sm", message.isPartial && "after:ml-0.5 after:animate-pulse after:content-['▍']")}
          >
            {isUser ? (
              <p className="whitespace-pre-wrap break-words">{message.text}</p>
            ) : (
              <Suspense fallback={<p className="whitespace-pre-wrap break-words">{message.text}</p>}>
                <Markdown text={message.text} />
              </Suspense>
            )}
          </div>
        )}
        {message.isPartial || isEdited || isQuestion ? null : (
          <Actions {...props} isUser={isUser} onStartEdit={() => setIsEdited(true)} />
        )}
      </div>
    </article>
  );
});

function Actions({
  message,
  isRunning,
  isUser,
  onEdit,
  onRate,
  onAgain,
  onRegenerate,
  onStartEdit,
}: MessageCardProps & { isUser: boolean; onStartEdit: () => void }) {
  const [copied, setCopied] = useState(false);
  const rating = message.properties.positive_feedback;
  const copy = async () => {
    if (await copyText(message.text)) setCopied(true);
    setTimeout(() => setCopied(false), 2000);
  };
  return (
    // Where nothing can hover they are always there.
    <div className="mt-1 flex opacity-0 transition-opacity focus-within:opacity-100 group-hover:opacity-100 [@media(hover:none)]:opacity-100">
      <IconButton label={t.copyTheMessage} onClick={() => void copy()}>
        {copied ? <Check size={14} aria-hidden="true" /> : <Copy size={14} aria-hidden="true" />}
      </IconButton>
      {onEdit ? (
        <IconButton label={t.editTheMessage} onClick={onStartEdit}>
          <Pencil size={14} aria-hidden="true" />
        </IconButton>
      ) : null}
      {isUser ? (
        <IconButton label={t.sendItAgain} disabled={isRunning} onClick={() => onAgain(message.text)}>
          <RotateCcw size={14} aria-hidden="true" />
        </IconButton>
      ) : null}
      {!isUser && onRegenerate ? (
        <IconButton
          label={t.regenerateTheAnswer}
          data-testid="regenerate-button"
          disabled={isRunning}
          onClick={() => onRegenerate(message)}
        >
          <RotateCcw size={14} aria-hidden="true" />
        </IconButton>
      ) : null}
      {!isUser && onRate ? (
        <>
          <IconButton
            label={t.helpful}
            data-testid="helpful-button"
            aria-pressed={rating === true}
            className={cn(rating === true && "text-ok")}
            onClick={() => onRate(message, rating === true ? null : true)}
          >
            <ThumbsUp size={14} aria-hidden="true" />
          </IconButton>
          <IconButton
            label={t.notHelpful}
            data-testid="not-helpful-button"
            aria-pressed={rating === false}
            className={cn(rating === false && "text-danger")}
            onClick={() => onRate(message, rating === false ? null : false)}
          >
            <ThumbsDown size={14} aria-hidden="true" />
          </IconButton>
        </>
      ) : null}
    </div>
  );
}

function Editing({ text, onSave, onCancel }: { text: string; onSave: (text: string) => void; onCancel: () => void }) {
  const [draft, setDraft] = useState(text);
  return (
    <div className="grid gap-2">
      <TextArea
        data-testid="textarea"
        aria-label={t.textOfTheMessage}
        rows={4}
        value={draft}
        onChange={(event) => setDraft(event.target.value)}
      />
      <p className="text-[13px] text-ink-soft">{t.theStoredMessageChangesThe}</p>
      <div className="flex gap-2">
        <Button size="sm" look="primary" data-testid="save-button" onClick={() => onSave(draft)}>
          {t.save}
        </Button>
        <Button size="sm" data-testid="cancel-button" onClick={onCancel}>
          {t.cancel}
        </Button>
      </div>
    </div>
  );
}

function ErrorCard({ message, onShowNode }: MessageCardProps) {
  return (
    <article
      data-testid="error-card"
      role="alert"
      className="grid gap-2 rounded-xl border border-danger/50 bg-danger-soft p-3 text-sm"
    >
      <p className="font-semibold text-danger">{message.name ? t.failed(message.name) : t.theRunFailed}</p>
      {message.summary ? <p className="font-medium text-ink">{message.summary}</p> : null}
      <p className="whitespace-pre-wrap break-words text-ink">{message.text}</p>
      {message.nodeId && onShowNode ? (
        <button
          type="button"
          className="justify-self-start font-medium text-danger underline"
          onClick={() => onShowNode(message.nodeId ?? "")}
        >
          {t.goToTheComponent}
        </button>
      ) : null}
    </article>
  );
}

function ToolCard({ tool }: { tool: ToolCall }) {
  return (
    <details className="mb-2 rounded-lg border border-line bg-sunken/60 text-[13px]">
      <summary data-testid="tool-status-done" className="flex list-none items-center gap-2 px-3 py-2">
        <ChevronRight size={14} aria-hidden="true" />
        <span className="font-mono font-medium">{tool.name}</span>
        <span className={tool.error ? "text-danger" : "text-ink-soft"}>
          {tool.error ? t.failed2 : tool.output === undefined || tool.output === null ? t.running : t.done}
        </span>
        <span className="flex-1" />
        {tool.seconds === undefined ? null : (
          <span className="tabular-nums text-ink-soft">{duration(tool.seconds)}</span>
        )}
      </summary>
      <dl className="grid gap-2 border-t border-line px-3 py-2">
        <Part title={t.arguments} value={tool.input} />
        {tool.error ? <Part title={t.error} value={tool.error} /> : <Part title={t.result} value={tool.output} />}
      </dl>
    </details>
  );
}

function Part({ title, value }: { title: string; value: unknown }) {
  if (value === undefined || value === null) return null;
  return (
    <div>
      <dt className="text-ink-soft">{title}</dt>
      <dd>
        <pre className="max-h-60 overflow-auto whitespace-pre-wrap break-words">
          {typeof value === "string" ? value : JSON.stringify(value, null, 2)}
        </pre>
      </dd>
    </div>
  );
}

function Attachment({ path, url }: { path: string; url: string }) {
  const [isBroken, setIsBroken] = useState(false);
  const name = asText(path.split("/").at(-1)).replace(/^\d{4}-\d\d-\d\d_\d\d-\d\d-\d\d_/, "");
  if (images.test(path) && !isBroken) {
    return (
      <a href={url} target="_blank" rel="noreferrer">
        <img
          src={url}
          alt={name}
          className="max-h-56 max-w-full rounded-lg border border-line"
          onError={() => setIsBroken(true)}
        />
      </a>
    );
  }
  return <span className="rounded-lg border border-line bg-sunken px-2.5 py-1.5 text-[13px]">{name}</span>;
}
