import { type FormEvent, useState } from "react";
import { ApiError, api, describe } from "@/api/client";
import { Button } from "@/ui/button";
import { Notice } from "@/ui/notice";
import { TextField } from "@/ui/text-field";
import { nextAddress } from "./login-app";
import { t } from "./messages";

/** Reads a refused sign-in: one sentence, and nothing that tells strangers which accounts exist. */
function refusal(error: unknown): { tone: "danger" | "warn"; text: string } {
  if (error instanceof ApiError) {
    if (error.message === "Waiting for approval" || error.message === "Inactive user") {
      return { tone: "warn", text: t.thisAccountIsWaitingFor };
    }
    if (error.status === 401 || error.status === 400) return { tone: "danger", text: t.wrongUsernameOrPassword };
    if (error.status === 429) return { tone: "danger", text: t.tooManyAttemptsWaitA };
  }
  return { tone: "danger", text: describe(error) };
}

export function LoginForm({ notice, onSignup }: { notice: string | undefined; onSignup: () => void }) {
  const [username, setUsername] = useState("");
  const [password, setPassword] = useState("");
  const [touched, setTouched] = useState(false);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<ReturnType<typeof refusal>>();
  const ended = new URLSearchParams(location.search).has("ended");

  async function submit(event: FormEvent) {
    event.preventDefault();
    setTouched(true);
    setProblem(undefined);
    if (!username.trim() || !password) return;
    setBusy(true);
    try {
      await api("/api/v1/login", {
        method: "POST",
        raw: new URLSearchParams({ username: username.trim(), password }),
        anonymous: true,
      });
      location.assign(nextAddress(location.search));
    } catch (error) {
      setProblem(refusal(error));
      setBusy(false);
    }
  }

  return (
    <form onSubmit={submit} noValidate className="grid gap-4" aria-label={t.signIn}>
      <h1 className="text-lg font-semibold">{t.welcome}</h1>
      {notice ? <Notice tone="ok">{notice}</Notice> : null}
      {ended && !problem && !notice ? <Notice tone="info">{t.yourSessionHasEndedSign}</Notice> : null}
      {problem ? <Notice tone={problem.tone}>{problem.text}</Notice> : null}
      <TextField
        label={t.username}
        required
        id="login-username"
        name="username"
        autoComplete="username"
        autoFocus
        error={touched && !username.trim() ? t.enterYourUsername : undefined}
        value={username}
        onChange={setUsername}
      />
      <TextField
        label={t.password}
        required
        secret
        id="form-login-password"
        name="password"
        autoComplete="current-password"
        error={touched && !password ? t.enterYourPassword : undefined}
        value={password}
        onChange={setPassword}
      />
      <Button type="submit" look="primary" busy={busy} className="w-full">
        {t.signIn2}
      </Button>
      <p className="text-center text-sm text-ink-soft">
        {t.noAccountYet}{" "}
        <button type="button" className="font-medium text-accent underline" onClick={onSignup}>
          {t.signUp}
        </button>
      </p>
    </form>
  );
}
