/**
 * Sign-in and sign-up. An application of its own without router and query cache, so that the first
 * page moves little; the editor is loaded by the navigation that follows.
 */

import { StrictMode, useState } from "react";
import { createRoot } from "react-dom/client";
import { LoginForm } from "./login-form";
import { t } from "./messages";
import { SignupForm } from "./signup-form";

export function mountLogin(root: HTMLElement): void {
  createRoot(root).render(
    <StrictMode>
      <LoginApp />
    </StrictMode>,
  );
}

function LoginApp() {
  const [page, setPage] = useState(location.pathname.startsWith("/signup") ? "signup" : "login");
  const [notice, setNotice] = useState<string>();
  const go = (next: "login" | "signup", said?: string) => {
    history.pushState(null, "", next === "login" ? "/login" : "/signup");
    setNotice(said);
    setPage(next);
  };
  return (
    <main className="grid min-h-full place-items-center bg-canvas p-4">
      <div className="w-full max-w-sm">
        <div className="mb-6 flex items-center justify-center gap-3">
          <img src="/favicon.svg" alt="" width={36} height={36} />
          <span className="text-xl font-semibold tracking-tight">{t.langflow}</span>
        </div>
        <div className="rounded-2xl border border-line bg-surface p-6 shadow-card">
          {page === "login" ? (
            <LoginForm notice={notice} onSignup={() => go("signup")} />
          ) : (
            <SignupForm onLogin={(said) => go("login", said)} />
          )}
        </div>
      </div>
    </main>
  );
}

/** Where to go after sign-in: only addresses of this site. */
export function nextAddress(search: string): string {
  const next = new URLSearchParams(search).get("next") ?? "";
  const isLocal = /^\/(?![/\\])/.test(next) && !/^\/(login|signup)/.test(next);
  return isLocal ? next : "/flows";
}
