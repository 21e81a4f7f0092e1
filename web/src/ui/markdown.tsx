import { Check, Copy } from "lucide-react";
import { type ComponentProps, type ReactNode, useRef, useState } from "react";
import ReactMarkdown from "react-markdown";
import rehypeSanitize from "rehype-sanitize";
import remarkGfm from "remark-gfm";
import { copyText } from "@/util/download";
import { t } from "./messages";

/**
 * Markdown from models and strangers. HTML in it is shown as text, what remains is sanitised, links
 * open apart and pictures of other hosts stay links, so that reading a message calls nobody.
 */
export default function Markdown({ text }: { text: string }) {
  return (
    <div className="markdown break-words">
      <ReactMarkdown remarkPlugins={plugins} rehypePlugins={cleaners} components={parts}>
        {text}
      </ReactMarkdown>
    </div>
  );
}

const plugins = [remarkGfm];
const cleaners = [rehypeSanitize];

const parts = {
  a: ({ href, children }: ComponentProps<"a">) => (
    <a href={href} target="_blank" rel="noreferrer nofollow">
      {children}
    </a>
  ),
  img: ({ src, alt }: ComponentProps<"img">) =>
    typeof src === "string" && (src.startsWith("/") || src.startsWith("data:image/")) && !src.startsWith("//") ? (
      <img src={src} alt={alt ?? ""} className="max-w-full rounded-lg" loading="lazy" />
    ) : (
      <a href={typeof src === "string" ? src : undefined} target="_blank" rel="noreferrer nofollow">
        {alt || t.picture}
      </a>
    ),
  pre: ({ children }: ComponentProps<"pre">) => <CodeBlock>{children}</CodeBlock>,
  table: ({ children }: ComponentProps<"table">) => (
    <div className="overflow-x-auto">
      <table>{children}</table>
    </div>
  ),
};

function CodeBlock({ children }: { children: ReactNode }) {
  const box = useRef<HTMLPreElement>(null);
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    if (await copyText(box.current?.textContent ?? "")) setCopied(true);
    setTimeout(() => setCopied(false), 2000);
  };
  return (
    <div className="relative" data-testid="chat-code-tab">
      <button
        type="button"
        data-testid="copy-code-button"
        aria-label={t.copyTheCode}
        className="absolute right-2 top-2 rounded-md border border-line bg-surface p-1.5 text-ink-soft hover:text-ink"
        onClick={() => void copy()}
      >
        {copied ? <Check size={13} aria-hidden="true" /> : <Copy size={13} aria-hidden="true" />}
      </button>
      <pre ref={box} tabIndex={0}>
        {children}
      </pre>
    </div>
  );
}
