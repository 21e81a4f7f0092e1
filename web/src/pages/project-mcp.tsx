import { useParams } from "@tanstack/react-router";
import { ProjectMcpPage } from "@/features/home/project-page";

export default function ProjectMcp() {
  const { projectId } = useParams({ strict: false });
  return projectId ? <ProjectMcpPage key={projectId} projectId={projectId} /> : null;
}
