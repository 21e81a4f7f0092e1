import { type FormEvent, useState } from "react";
import { ApiError, api, describe } from "@/api/client";
import { Button } from "@/ui/button";
import { Notice } from "@/ui/notice";
import { TextField } from "@/ui/text-field";
import { nextAddress } from "./login-app";

/** Reads a refused sign-in: one sentence, and nothing that tells strangers which accounts exist. */
function refusal(error: unknown): { tone: "danger" | "warn"; text: string } {
  if (error instanceof ApiError) {
    if (error.message === "Waiting for approval" || error.message === "Inactive user") {
      return { tone: "warn", text: "This account is waiting for an administrator to activate it." };
    }
    if (error.status === 401 || error.status === 400) return { tone: "danger", text: "Wrong username or password." };
    if (error.status === 429) return { tone: "danger", text: "Too many attempts. Wait a minute, then try again." };
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
    <form onSubmit={submit} noValidate className="grid gap-4" aria-label="Sign in">
      <h1 className="text-lg font-semibold">Welcome</h1>
      {notice ? <Notice tone="ok">{notice}</Notice> : null}
      {ended && !problem && !notice ? <Notice tone="info">Your session has ended. Sign in to go on.</Notice> : null}
      {problem ? <Notice tone={problem.tone}>{problem.text}</Notice> : null}
      <TextField
        label="Username"
        required
        id="login-username"
        name="username"
        autoComplete="username"
        autoFocus
        error={touched && !username.trim() ? "Enter your username." : undefined}
        value={username}
        onChange={setUsername}
      />
      <TextField
        label="Password"
        required
        secret
        id="form-login-password"
        name="password"
        autoComplete="current-password"
        error={touched && !password ? "Enter your password." : undefined}
        value={password}
        onChange={setPassword}
      />
      <Button type="submit" look="primary" busy={busy} className="w-full">
        Sign In
      </Button>
      <p className="text-center text-sm text-ink-soft">
        No account yet?{" "}
        <button type="button" className="font-medium text-accent underline" onClick={onSignup}>
          Sign Up
        </button>
      </p>
    </form>
  );
}
