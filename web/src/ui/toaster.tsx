import { X } from "lucide-react";
import { useToasts } from "@/stores/toast";
import { cn } from "@/util/cn";
import { t } from "./messages";

const tones = {
  ok: "border-ok/50 text-ok",
  danger: "border-danger/50 text-danger",
  info: "border-line text-ink",
} as const;

export function Toaster() {
  const { list, dismiss } = useToasts();
  return (
    <div
      aria-live="polite"
      className="pointer-events-none fixed bottom-4 right-4 z-[60] grid w-[min(24rem,calc(100vw-2rem))] gap-2"
    >
      {list.map((toast) => (
        <div
          key={toast.id}
          role={toast.tone === "danger" ? "alert" : "status"}
          className={cn(
            "pointer-events-auto flex items-start gap-3 rounded-lg border bg-surface px-3 py-2.5 text-sm shadow-card",
            tones[toast.tone],
          )}
        >
          <span className="min-w-0 flex-1 break-words">{toast.text}</span>
          {toast.action ? (
            <button
              type="button"
              className="font-semibold text-accent underline"
              onClick={() => {
                toast.action?.run();
                dismiss(toast.id);
              }}
            >
              {toast.action.label}
            </button>
          ) : null}
          <button
            type="button"
            aria-label={t.dismiss}
            className="text-ink-soft hover:text-ink"
            onClick={() => dismiss(toast.id)}
          >
            <X size={16} aria-hidden="true" />
          </button>
        </div>
      ))}
    </div>
  );
}
