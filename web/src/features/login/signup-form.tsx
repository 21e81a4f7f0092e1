import { type FormEvent, useState } from "react";
import { ApiError, api, describe } from "@/api/client";
import type { User } from "@/api/types";
import { Button } from "@/ui/button";
import { Notice } from "@/ui/notice";
import { isRepeated, noPassword, PasswordFields } from "@/ui/password-fields";
import { TextField } from "@/ui/text-field";
import { t } from "./messages";

function refusal(error: unknown): string {
  if (error instanceof ApiError && error.status === 403) return t.signUpIsSwitchedOff;
  return describe(error);
}

export function SignupForm({ onLogin }: { onLogin: (notice?: string) => void }) {
  const [username, setUsername] = useState("");
  const [typed, setTyped] = useState(noPassword);
  const [touched, setTouched] = useState(false);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();

  async function submit(event: FormEvent) {
    event.preventDefault();
    setTouched(true);
    setProblem(undefined);
    if (!username.trim() || !isRepeated(typed)) return;
    setBusy(true);
    try {
      const user = await api<User>("/api/v1/users/", {
        method: "POST",
        body: { username: username.trim(), password: typed.password },
        anonymous: true,
      });
      onLogin(user.is_active ? t.yourAccountIsReadySign : t.yourAccountWasCreatedAn);
    } catch (error) {
      setProblem(refusal(error));
      setBusy(false);
    }
  }

  return (
    <form onSubmit={submit} noValidate className="grid gap-4" aria-label={t.signUp2}>
      <h1 className="text-lg font-semibold">{t.createAnAccount}</h1>
      {problem ? <Notice tone="danger">{problem}</Notice> : null}
      <TextField
        label={t.username}
        required
        id="signup-username"
        name="username"
        autoComplete="username"
        autoFocus
        error={touched && !username.trim() ? t.chooseAUsername : undefined}
        value={username}
        onChange={setUsername}
      />
      <PasswordFields
        ids={["form-signup-password", "form-signup-confirm-password"]}
        value={typed}
        onChange={setTyped}
        touched={touched}
      />
      <Button type="submit" look="primary" busy={busy} className="w-full">
        {t.signUp}
      </Button>
      <p className="text-center text-sm text-ink-soft">
        {t.haveAnAccount}{" "}
        <button type="button" className="font-medium text-accent underline" onClick={() => onLogin()}>
          {t.signIn}
        </button>
      </p>
    </form>
  );
}
