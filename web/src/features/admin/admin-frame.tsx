import { Link, useRouterState } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { cn } from "@/util/cn";
import { t } from "./messages";

const tabs = [
  { to: "/admin", label: t.users },
  { to: "/admin/audit", label: t.audit },
  { to: "/admin/logs", label: t.logs },
] as const;

/** Head and tabs of the pages for superusers. */
export function AdminFrame({ text, action, children }: { text: string; action?: ReactNode; children: ReactNode }) {
  const path = useRouterState({ select: (state) => state.location.pathname });
  return (
    <main className="h-full overflow-y-auto p-4 md:p-6">
      <div className="mx-auto grid max-w-6xl gap-4">
        <div className="flex flex-wrap items-start justify-between gap-3">
          <div>
            <h1 className="text-xl font-semibold">{t.adminPage}</h1>
            <p className="text-sm text-ink-soft">{text}</p>
          </div>
          {action}
        </div>
        <nav aria-label={t.adminPages} className="flex gap-1 border-b border-line">
          {tabs.map(({ to, label }) => (
            <Link
              key={to}
              to={to}
              data-testid={`admin-tab-${label.toLowerCase()}`}
              aria-current={path === to ? "page" : undefined}
              className={cn(
                "-mb-px border-b-2 px-3 py-2 text-sm",
                path === to ? "border-accent font-medium" : "border-transparent text-ink-soft hover:text-ink",
              )}
            >
              {label}
            </Link>
          ))}
        </nav>
        {children}
      </div>
    </main>
  );
}
