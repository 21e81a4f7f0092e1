import { type FormEvent, useState } from "react";
import { ApiError, api, describe } from "@/api/client";
import type { User } from "@/api/types";
import { Button } from "@/ui/button";
import { Input, Labelled, PasswordInput } from "@/ui/form";
import { Notice } from "@/ui/notice";

function refusal(error: unknown): string {
  if (error instanceof ApiError && error.status === 403)
    return "Sign-up is switched off on this server. Ask an administrator for an account.";
  return describe(error);
}

export function SignupForm({ onLogin }: { onLogin: (notice?: string) => void }) {
  const [username, setUsername] = useState("");
  const [password, setPassword] = useState("");
  const [again, setAgain] = useState("");
  const [touched, setTouched] = useState(false);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();
  const mismatch = again !== "" && again !== password;

  async function submit(event: FormEvent) {
    event.preventDefault();
    setTouched(true);
    setProblem(undefined);
    if (!username.trim() || !password || again !== password) return;
    setBusy(true);
    try {
      const user = await api<User>("/api/v1/users/", {
        method: "POST",
        body: { username: username.trim(), password },
        anonymous: true,
      });
      onLogin(
        user.is_active
          ? "Your account is ready. Sign in."
          : "Your account was created. An administrator has to activate it before you can sign in.",
      );
    } catch (error) {
      setProblem(refusal(error));
      setBusy(false);
    }
  }

  return (
    <form onSubmit={submit} noValidate className="grid gap-4" aria-label="Sign up">
      <h1 className="text-lg font-semibold">Create an account</h1>
      {problem ? <Notice tone="danger">{problem}</Notice> : null}
      <Labelled
        label="Username"
        required
        id="signup-username"
        error={touched && !username.trim() ? "Choose a username." : undefined}
      >
        {(ids) => (
          <Input
            {...ids}
            name="username"
            autoComplete="username"
            autoFocus
            value={username}
            onChange={(event) => setUsername(event.target.value)}
          />
        )}
      </Labelled>
      <Labelled
        label="Password"
        required
        id="form-signup-password"
        hint="At least 8 characters; a few words in a row are best."
        error={touched && !password ? "Choose a password." : undefined}
      >
        {(ids) => (
          <PasswordInput
            {...ids}
            name="password"
            autoComplete="new-password"
            value={password}
            onChange={(event) => setPassword(event.target.value)}
          />
        )}
      </Labelled>
      <Labelled
        label="Confirm your password"
        required
        id="form-signup-confirm-password"
        error={mismatch ? "The two passwords differ." : touched && !again ? "Type the password once more." : undefined}
      >
        {(ids) => (
          <PasswordInput
            {...ids}
            name="confirmpassword"
            autoComplete="new-password"
            value={again}
            onChange={(event) => setAgain(event.target.value)}
          />
        )}
      </Labelled>
      <Button type="submit" look="primary" busy={busy} className="w-full">
        Sign Up
      </Button>
      <p className="text-center text-sm text-ink-soft">
        Have an account?{" "}
        <button type="button" className="font-medium text-accent underline" onClick={() => onLogin()}>
          Sign in
        </button>
      </p>
    </form>
  );
}
