import { useQuery } from "@tanstack/react-query";
import { projectsQuery } from "@/api/queries";
import { ProjectMcp } from "@/features/mcp/project-mcp";
import { t } from "./messages";
import { ProjectTabs } from "./project-tabs";
import { WithProjects } from "./with-projects";

/** The MCP tab of a project. */
export function ProjectMcpPage({ projectId }: { projectId: string }) {
  const project = useQuery(projectsQuery).data?.find((candidate) => candidate.id === projectId);
  return (
    <WithProjects projectId={projectId}>
      <main className="min-w-0 flex-1 overflow-y-auto p-4 md:p-6">
        <div className="mx-auto max-w-5xl">
          <div className="mb-3 flex min-h-9 items-center">
            <h1 data-testid="mainpage_title" className="text-xl font-semibold">
              {project?.name ?? t.project}
            </h1>
          </div>
          <ProjectTabs projectId={projectId} />
          <ProjectMcp projectId={projectId} />
        </div>
      </main>
    </WithProjects>
  );
}
