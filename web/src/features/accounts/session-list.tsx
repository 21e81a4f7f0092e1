import { useQuery } from "@tanstack/react-query";
import { LogOut } from "lucide-react";
import { sessionsQuery } from "@/api/queries";
import { type Schemas, server } from "@/api/server";
import { useRemove } from "@/hooks/use-remove";
import { Button } from "@/ui/button";
import { Records } from "@/ui/records";
import { ago, longTime } from "@/util/time";
import { t } from "./messages";

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
      done: t.sessionEnded,
      stale,
    });
  const endOthers = () =>
    remove({
      question: {
        title: user ? t.endAllSessionsOf(user.username) : t.endAllOtherSessions,
        text: t.whoeverUsesThemHasTo,
        yes: t.endSessions,
      },
      run: () => server.DELETE("/api/v1/sessions/", { params: { query } }),
      done: t.sessionsEnded,
      stale,
    });
  return (
    <div className="grid gap-4">
      <p className="text-sm text-ink-soft">{t.aSessionBeginsWithA}</p>
      <Button
        look="danger"
        className="justify-self-start"
        data-testid="end-sessions-button"
        disabled={others.length === 0}
        onClick={() => void endOthers()}
      >
        <LogOut size={15} aria-hidden="true" /> {user ? t.endAllSessions : t.endAllOthers}
      </Button>
      <Records
        label={t.sessions}
        loading={sessions}
        rows={rows}
        keyOf={(session) => session.id}
        empty={t.nobodyIsSignedIn}
        columns={[
          {
            key: "browser",
            title: t.browser,
            cell: (session) => (
              <span className="block min-w-40">
                <span className="font-medium">{browserName(session.user_agent)}</span>
                {session.is_current ? <span className="ml-2 text-xs text-ok">{t.thisOne}</span> : null}
              </span>
            ),
          },
          { key: "address", title: t.address, cell: (session) => session.address ?? "—" },
          {
            key: "seen",
            title: t.lastSeen,
            cell: (session) => <span title={longTime(session.last_seen_at)}>{ago(session.last_seen_at)}</span>,
          },
          {
            key: "created",
            title: t.signedIn,
            cell: (session) => (
              <span title={longTime(session.created_at)}>
                {ago(session.created_at)}
                {session.origin === "auto_login" ? t.byItself : ""}
              </span>
            ),
          },
          {
            key: "expires",
            title: t.ends,
            cell: (session) => <span title={longTime(session.expires_at)}>{ago(session.expires_at)}</span>,
          },
          {
            key: "end",
            title: <span className="sr-only">{t.actions}</span>,
            className: "text-right",
            cell: (session) =>
              session.is_current ? null : (
                <Button
                  size="sm"
                  aria-label={t.endTheSessionOf(browserName(session.user_agent))}
                  onClick={() => void end(session)}
                >
                  {t.end}
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
  if (!agent) return t.aProgram;
  const find = (names: [RegExp, string][]) => names.find(([sign]) => sign.test(agent))?.[1];
  const [browser, system] = [find(browsers), find(systems)];
  if (browser && system) return `${browser} on ${system}`;
  return browser ?? system ?? agent.slice(0, 40);
}
