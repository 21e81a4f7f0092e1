import { useQuery } from "@tanstack/react-query";
import { headersQuery, projectsQuery } from "@/api/queries";
import { ProjectMcp } from "@/features/mcp/project-mcp";
import { t } from "./messages";
import { countFlows, ProjectList } from "./project-list";
import { ProjectTabs } from "./project-tabs";
import { useUpload } from "./use-flows";

/** The MCP tab of a project. */
export function ProjectMcpPage({ projectId }: { projectId: string }) {
  const projects = useQuery(projectsQuery);
  const headers = useQuery(headersQuery);
  const upload = useUpload(projectId);
  const project = projects.data?.find((candidate) => candidate.id === projectId);
  return (
    <div className="flex h-full flex-col md:flex-row">
      <ProjectList projects={projects.data} counts={countFlows(headers.data)} current={projectId} onUpload={upload} />
      <main className="min-w-0 flex-1 overflow-y-auto p-4 md:p-6">
        <div className="mx-auto max-w-5xl">
          <h1 data-testid="mainpage_title" className="mb-3 text-xl font-semibold">
            {project?.name ?? t.project}
          </h1>
          <ProjectTabs projectId={projectId} />
          <ProjectMcp projectId={projectId} />
        </div>
      </main>
    </div>
  );
}
