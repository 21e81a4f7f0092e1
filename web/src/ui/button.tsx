import type { ButtonHTMLAttributes } from "react";
import { cn } from "@/util/cn";

const looks = {
  primary: "bg-accent text-on-accent hover:opacity-90 border border-transparent",
  plain: "bg-surface text-ink border border-line hover:bg-sunken",
  ghost: "text-ink hover:bg-sunken border border-transparent",
  danger:
    "bg-danger text-bg enabled:hover:opacity-90 border border-transparent " +
    "disabled:border-line disabled:bg-surface disabled:text-ink",
} as const;

const sizes = {
  md: "h-9 px-3.5 text-sm",
  sm: "h-8 px-2.5 text-[13px]",
  icon: "h-8 w-8 justify-center",
} as const;

export interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  look?: keyof typeof looks;
  size?: keyof typeof sizes;
  busy?: boolean;
}

export function Button({ look = "plain", size = "md", busy, className, children, disabled, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      disabled={disabled || busy}
      aria-busy={busy || undefined}
      className={cn(
        "inline-flex shrink-0 items-center justify-center gap-1.5 whitespace-nowrap rounded-lg font-medium transition-colors",
        "disabled:cursor-not-allowed disabled:opacity-50",
        looks[look],
        sizes[size],
        className,
      )}
    >
      {busy ? <Spinner /> : null}
      {children}
    </button>
  );
}

/** A button that is only an icon: the label is spoken and shown on hover. */
export function IconButton({ label, ...rest }: ButtonProps & { label: string }) {
  return <Button look="ghost" size="icon" aria-label={label} title={label} {...rest} />;
}

export function Spinner() {
  return (
    <span
      aria-hidden="true"
      className="inline-block h-3.5 w-3.5 animate-spin rounded-full border-2 border-current border-r-transparent"
    />
  );
}
