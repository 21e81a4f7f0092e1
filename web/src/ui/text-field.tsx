import type { InputHTMLAttributes, ReactNode } from "react";
import { Input, Labelled, PasswordInput } from "./form";

type Plain = Omit<InputHTMLAttributes<HTMLInputElement>, "value" | "onChange" | "required">;

export interface TextFieldProps extends Plain {
  label: string;
  value: string;
  onChange: (value: string) => void;
  hint?: ReactNode;
  error?: string | undefined;
  required?: boolean;
  /** Hidden as it is typed, with a button that shows it. */
  secret?: boolean;
  testId?: string;
}

/** A line of text with its label, hint and error. */
export function TextField({
  label,
  value,
  onChange,
  hint,
  error,
  required,
  secret,
  testId,
  id,
  ...rest
}: TextFieldProps) {
  const Control = secret ? PasswordInput : Input;
  return (
    <Labelled
      label={label}
      hint={hint}
      error={error}
      {...(required ? { required } : {})}
      {...(id === undefined ? {} : { id })}
    >
      {(ids) => (
        <Control
          {...rest}
          {...ids}
          aria-required={required || undefined}
          data-testid={testId}
          value={value}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Labelled>
  );
}
