import { Link, useRouterState } from "@tanstack/react-router";
import { cn } from "@/util/cn";
import { t } from "./messages";

/** The two faces of a project: its flows, and itself as an MCP server. */
export function ProjectTabs({ projectId }: { projectId: string }) {
  const isMcp = useRouterState({ select: (state) => state.location.pathname.startsWith("/mcp") });
  const look = (isCurrent: boolean) =>
    cn(
      "-mb-px border-b-2 px-3 py-2 text-sm",
      isCurrent ? "border-accent font-medium" : "border-transparent text-ink-soft hover:text-ink",
    );
  return (
    <nav aria-label={t.viewsOfTheProject} className="mb-4 flex gap-1 border-b border-line">
      <Link
        to="/flows/folder/$projectId"
        params={{ projectId }}
        data-testid="flows-btn"
        aria-current={isMcp ? undefined : "page"}
        className={look(!isMcp)}
      >
        {t.flows2}
      </Link>
      <Link
        to="/mcp/folder/$projectId"
        params={{ projectId }}
        data-testid="mcp-btn"
        aria-current={isMcp ? "page" : undefined}
        className={look(isMcp)}
      >
        {t.mcpServer}
      </Link>
    </nav>
  );
}
