import {
  type ComponentProps,
  type InputHTMLAttributes,
  type ReactNode,
  type SelectHTMLAttributes,
  type TextareaHTMLAttributes,
  useId,
  useState,
} from "react";
import { cn } from "@/util/cn";
import { t } from "./messages";

export const inputLook =
  "rounded-lg border border-line bg-surface px-2.5 text-sm text-ink shadow-[inset_0_1px_1px_rgb(0_0_0/0.03)] " +
  "hover:border-line-strong focus:border-accent disabled:cursor-not-allowed disabled:bg-sunken disabled:text-ink-soft " +
  "aria-[invalid=true]:border-danger";

/** As wide as there is room, unless a width is given. */
const wide = (className: string | undefined) => (/\b(w|flex|grow)-/.test(className ?? "") ? "" : "w-full");

export function Input({ className, ...rest }: ComponentProps<"input">) {
  return <input {...rest} className={cn(inputLook, wide(className), "h-9", className)} />;
}

export function TextArea({ className, ...rest }: TextareaHTMLAttributes<HTMLTextAreaElement>) {
  return <textarea {...rest} className={cn(inputLook, wide(className), "min-h-20 py-2", className)} />;
}

export function Select({ className, ...rest }: SelectHTMLAttributes<HTMLSelectElement>) {
  return <select {...rest} className={cn(inputLook, wide(className), "h-9 pr-7", className)} />;
}

export interface LabelledProps {
  label: string;
  hint?: ReactNode;
  error?: string | undefined;
  required?: boolean;
  children: (ids: { id: string; "aria-describedby"?: string; "aria-invalid"?: boolean }) => ReactNode;
  id?: string;
}

/** Label, control, hint and error, tied together for screen readers. */
export function Labelled({ label, hint, error, required, children, id: given }: LabelledProps) {
  const made = useId();
  const id = given ?? made;
  const note = error || hint ? `${id}-note` : undefined;
  return (
    <div className="grid gap-1.5">
      <label htmlFor={id} className="text-[13px] font-medium">
        {label}
        {required ? (
          <span aria-hidden="true" className="text-danger">
            {" *"}
          </span>
        ) : null}
      </label>
      {children({ id, ...(note ? { "aria-describedby": note } : {}), ...(error ? { "aria-invalid": true } : {}) })}
      {error ? (
        <p id={note} role="alert" className="text-[13px] text-danger">
          {error}
        </p>
      ) : hint ? (
        <p id={note} className="text-[13px] text-ink-soft">
          {hint}
        </p>
      ) : null}
    </div>
  );
}

/** A password box with a button that shows what was typed. */
export function PasswordInput({ className, ...rest }: InputHTMLAttributes<HTMLInputElement>) {
  const [shown, setShown] = useState(false);
  return (
    <div className="relative">
      <Input {...rest} type={shown ? "text" : "password"} className={cn("pr-14", className)} spellCheck={false} />
      <button
        type="button"
        onClick={() => setShown(!shown)}
        aria-pressed={shown}
        aria-label={shown ? t.hide : t.show}
        className="absolute inset-y-0 right-0 px-3 text-[13px] text-ink-soft hover:text-ink"
      >
        {shown ? t.hide : t.show}
      </button>
    </div>
  );
}

export interface SwitchProps {
  checked: boolean;
  onChange: (checked: boolean) => void;
  label: string;
  disabled?: boolean;
  id?: string;
  testId?: string;
}

export function Switch({ checked, onChange, label, disabled, id, testId }: SwitchProps) {
  return (
    <button
      type="button"
      role="switch"
      id={id}
      aria-checked={checked}
      aria-label={label}
      disabled={disabled}
      data-testid={testId}
      onClick={() => onChange(!checked)}
      className={cn(
        "nodrag relative inline-flex h-5 w-9 shrink-0 items-center rounded-full border transition-colors",
        // As large as a finger.
        "after:absolute after:-inset-2 disabled:opacity-50",
        checked ? "border-accent bg-accent" : "border-line-strong bg-sunken",
      )}
    >
      <span
        aria-hidden="true"
        className={cn(
          "block h-3.5 w-3.5 rounded-full shadow transition-transform",
          checked ? "translate-x-[18px] bg-on-accent" : "translate-x-0.5 bg-line-strong",
        )}
      />
    </button>
  );
}

export interface CheckProps {
  checked: boolean;
  onChange: (checked: boolean) => void;
  label: ReactNode;
  id?: string;
  disabled?: boolean;
}

export function Check({ checked, onChange, label, id, disabled }: CheckProps) {
  return (
    <label className="inline-flex items-center gap-2 text-sm">
      <input
        type="checkbox"
        id={id}
        disabled={disabled}
        checked={checked}
        onChange={(event) => onChange(event.target.checked)}
        className="h-4 w-4 accent-[var(--accent)]"
      />
      {label}
    </label>
  );
}
