import { useQuery } from "@tanstack/react-query";
import { LogOut } from "lucide-react";
import { sessionsQuery } from "@/api/queries";
import { type Schemas, server } from "@/api/server";
import { useRemove } from "@/hooks/use-remove";
import { Button } from "@/ui/button";
import { Records } from "@/ui/records";
import { ago, longTime } from "@/util/time";

type Session = Schemas["SessionRead"];

/** Sessions of a user, each of which can be ended; one's own where no user is named. */
export function SessionList({ user }: { user?: Pick<Schemas["UserRead"], "id" | "username"> }) {
  const sessions = useQuery(sessionsQuery(user?.id));
  const remove = useRemove();
  const rows = sessions.data ?? [];
  const others = rows.filter((session) => !session.is_current);
  const stale = [["sessions"]];
  const query = user ? { user_id: user.id } : {};
  const end = (session: Session) =>
    remove({
      run: () =>
        server.DELETE("/api/v1/sessions/{session_id}", { params: { path: { session_id: session.id }, query } }),
      done: "Session ended.",
      stale,
    });
  const endOthers = () =>
    remove({
      question: {
        title: user ? `End all sessions of “${user.username}”?` : "End all other sessions?",
        text: "Whoever uses them has to sign in again. API keys stay valid.",
        yes: "End sessions",
      },
      run: () => server.DELETE("/api/v1/sessions/", { params: { query } }),
      done: "Sessions ended.",
      stale,
    });
  return (
    <div className="grid gap-4">
      <p className="text-sm text-ink-soft">
        A session begins with a sign-in. Ending one signs that browser out at once.
      </p>
      <Button
        look="danger"
        className="justify-self-start"
        data-testid="end-sessions-button"
        disabled={others.length === 0}
        onClick={() => void endOthers()}
      >
        <LogOut size={15} aria-hidden="true" /> {user ? "End all sessions" : "End all others"}
      </Button>
      <Records
        label="Sessions"
        loading={sessions}
        rows={rows}
        keyOf={(session) => session.id}
        empty="Nobody is signed in."
        columns={[
          {
            key: "browser",
            title: "Browser",
            cell: (session) => (
              <span className="block min-w-40">
                <span className="font-medium">{browserName(session.user_agent)}</span>
                {session.is_current ? <span className="ml-2 text-xs text-ok">this one</span> : null}
              </span>
            ),
          },
          { key: "address", title: "Address", cell: (session) => session.address ?? "—" },
          {
            key: "seen",
            title: "Last seen",
            cell: (session) => <span title={longTime(session.last_seen_at)}>{ago(session.last_seen_at)}</span>,
          },
          {
            key: "created",
            title: "Signed in",
            cell: (session) => (
              <span title={longTime(session.created_at)}>
                {ago(session.created_at)}
                {session.origin === "auto_login" ? " (by itself)" : ""}
              </span>
            ),
          },
          {
            key: "expires",
            title: "Ends",
            cell: (session) => <span title={longTime(session.expires_at)}>{ago(session.expires_at)}</span>,
          },
          {
            key: "end",
            title: <span className="sr-only">Actions</span>,
            className: "text-right",
            cell: (session) =>
              session.is_current ? null : (
                <Button
                  size="sm"
                  aria-label={`End the session of ${browserName(session.user_agent)}`}
                  onClick={() => void end(session)}
                >
                  End
                </Button>
              ),
          },
        ]}
      />
    </div>
  );
}

const browsers: [sign: RegExp, name: string][] = [
  [/Edg\//, "Edge"],
  [/OPR\//, "Opera"],
  [/Firefox\//, "Firefox"],
  [/Chrome\//, "Chrome"],
  [/Safari\//, "Safari"],
  [/curl\//, "curl"],
];
const systems: [sign: RegExp, name: string][] = [
  [/Android/, "Android"],
  [/iPhone|iPad/, "iOS"],
  [/Windows/, "Windows"],
  [/Mac OS X/, "macOS"],
  [/Linux/, "Linux"],
];

/** "Firefox on Linux", as far as the browser says. */
export function browserName(agent: string | null | undefined): string {
  if (!agent) return "A program";
  const find = (names: [RegExp, string][]) => names.find(([sign]) => sign.test(agent))?.[1];
  const [browser, system] = [find(browsers), find(systems)];
  if (browser && system) return `${browser} on ${system}`;
  return browser ?? system ?? agent.slice(0, 40);
}
