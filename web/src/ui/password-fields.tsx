import { t } from "./messages";
import { TextField } from "./text-field";

export interface NewPassword {
  password: string;
  again: string;
}

export const noPassword: NewPassword = { password: "", again: "" };

/** Whether a password was typed twice alike. */
export const isRepeated = ({ password, again }: NewPassword) => password !== "" && password === again;

export interface PasswordFieldsProps {
  value: NewPassword;
  onChange: (value: NewPassword) => void;
  labels?: [first: string, second: string];
  ids?: [first: string, second: string];
  required?: boolean;
  /** Whether what is missing is told already. */
  touched: boolean;
}

/** A new password and its repetition. */
export function PasswordFields({ value, onChange, labels, ids, required = true, touched }: PasswordFieldsProps) {
  const [first, second] = labels ?? [t.password, t.confirmYourPassword];
  const { password, again } = value;
  const isOther = again !== "" && again !== password;
  const isMissing = touched && required && !password;
  const isUnrepeated = touched && password !== "" && !again;
  return (
    <>
      <TextField
        label={first}
        required={required}
        secret
        {...(ids ? { id: ids[0] } : {})}
        name="password"
        autoComplete="new-password"
        hint={t.atLeast8CharactersA}
        error={isMissing ? t.chooseAPassword : undefined}
        value={password}
        onChange={(next) => onChange({ password: next, again })}
      />
      <TextField
        label={second}
        required={required}
        secret
        {...(ids ? { id: ids[1] } : {})}
        name="confirmpassword"
        autoComplete="new-password"
        error={isOther ? t.theTwoPasswordsDiffer : isUnrepeated ? t.typeThePasswordOnceMore : undefined}
        value={again}
        onChange={(next) => onChange({ password, again: next })}
      />
    </>
  );
}
