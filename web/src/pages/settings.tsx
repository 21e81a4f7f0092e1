import { Link, useParams } from "@tanstack/react-router";
import { type ComponentType, lazy, Suspense } from "react";
import { useSession } from "@/stores/session";
import { Skeleton } from "@/ui/skeleton";
import { cn } from "@/util/cn";
import { t } from "./messages";

const sections: Record<string, { title: string; page: ComponentType }> = {
  general: { title: t.general, page: lazy(() => import("@/features/settings/general")) },
  "api-keys": { title: t.langflowApiKeys, page: lazy(() => import("@/features/settings/api-keys")) },
  sessions: { title: t.sessions, page: lazy(() => import("@/features/settings/sessions")) },
  "global-variables": { title: t.globalVariables, page: lazy(() => import("@/features/settings/variables")) },
  "model-providers": { title: t.modelProviders, page: lazy(() => import("@/features/settings/model-providers")) },
  "mcp-servers": { title: t.mcpServers, page: lazy(() => import("@/features/settings/mcp-servers")) },
  runs: { title: t.runs, page: lazy(() => import("@/features/observe/runs")) },
  messages: { title: t.messages, page: lazy(() => import("@/features/settings/stored-messages")) },
  shortcuts: { title: t.shortcuts, page: lazy(() => import("@/features/settings/shortcuts")) },
};

/** On a phone the pages are a row that is longer than the screen. */
const intoView = (item: HTMLElement | null) => item?.scrollIntoView({ block: "nearest", inline: "center" });

export default function Settings() {
  const { section = "general" } = useParams({ strict: false });
  const user = useSession((state) => state.user);
  const current = sections[section] ?? sections.general;
  if (!user || !current) return null;
  const Page = current.page;
  return (
    <div className="flex h-full flex-col md:flex-row">
      <nav
        aria-label={t.settings}
        className="shrink-0 border-b border-line bg-surface p-3 md:w-60 md:border-b-0 md:border-r"
      >
        <ul className="flex gap-1 overflow-x-auto md:flex-col">
          {Object.entries(sections).map(([key, { title }]) => (
            <li key={key} ref={sections[key] === current ? intoView : undefined} className="shrink-0">
              <Link
                to="/settings/$section"
                params={{ section: key }}
                data-testid={`sidebar-nav-${title}`}
                aria-current={sections[key] === current ? "page" : undefined}
                className={cn(
                  "block rounded-lg px-2.5 py-2 text-sm hover:bg-sunken",
                  sections[key] === current && "bg-sunken font-medium",
                )}
              >
                {title}
              </Link>
            </li>
          ))}
        </ul>
      </nav>
      <main className="min-w-0 flex-1 overflow-y-auto p-4 md:p-6">
        <div className="mx-auto max-w-5xl">
          <h1 data-testid="settings_menu_header" className="mb-4 text-xl font-semibold">
            {current.title}
          </h1>
          <Suspense fallback={<Skeleton rows={4} />}>
            <Page />
          </Suspense>
        </div>
      </main>
    </div>
  );
}
