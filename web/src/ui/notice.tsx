import type { ReactNode } from "react";
import { cn } from "@/util/cn";

const tones = {
  danger: "border-danger/40 bg-danger-soft text-danger",
  ok: "border-ok/40 bg-ok-soft text-ok",
  warn: "border-warn/40 bg-warn-soft text-warn",
  info: "border-line bg-sunken text-ink",
} as const;

/** A message that stays where it is needed. */
export function Notice({
  tone,
  children,
  className,
}: {
  tone: keyof typeof tones;
  children: ReactNode;
  className?: string;
}) {
  return (
    <div
      role={tone === "danger" ? "alert" : "status"}
      className={cn("rounded-lg border px-3 py-2 text-sm", tones[tone], className)}
    >
      {children}
    </div>
  );
}
