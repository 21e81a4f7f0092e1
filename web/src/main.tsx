import "./styles.css";
import { api, renewSession } from "@/api/client";
import { askEarly } from "@/api/early";
import type { Session } from "@/api/types";
import { loadLanguage } from "@/i18n/languages";

/** Who is signed in, after auto login had its chance. */
async function findSession(): Promise<Session> {
  const session = await api<Session>("/api/v1/session", { anonymous: true });
  if (session.authenticated || !(await renewSession())) return session;
  return api<Session>("/api/v1/session", { anonymous: true });
}

async function start(root: HTMLElement): Promise<void> {
  await loadLanguage();
  const path = location.pathname;
  if (path.startsWith("/playground/")) {
    const { mountApp } = await import("./app");
    mountApp(root, undefined);
    return;
  }
  const isAccountPage = path.startsWith("/login") || path.startsWith("/signup");
  const login = () => import("@/features/login/login-app");
  // Asked for early where it will be shown, so that it loads while the session is looked up.
  if (isAccountPage) void login();
  if (path.startsWith("/flow/")) {
    askEarly(`/api/v1/flows/${encodeURIComponent(path.split("/")[2] ?? "")}`);
    // The editor's files load while the session is looked up.
    void import("./app").then(({ loadEditor }) => loadEditor());
  }
  const session = await findSession().catch(() => undefined);
  if (session?.authenticated && session.user) {
    if (isAccountPage) history.replaceState(null, "", (await login()).nextAddress(location.search));
    const { mountApp } = await import("./app");
    mountApp(root, session.user);
    return;
  }
  if (!isAccountPage) {
    const back = path === "/" ? "" : `?next=${encodeURIComponent(path + location.search)}`;
    history.replaceState(null, "", `/login${back}`);
  }
  (await login()).mountLogin(root);
}

const root = document.getElementById("root");
if (root) void start(root);
