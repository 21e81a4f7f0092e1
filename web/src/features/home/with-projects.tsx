import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { headersQuery, projectsQuery } from "@/api/queries";
import { countFlows, ProjectList } from "./project-list";
import { useUpload } from "./use-flows";

export interface WithProjectsProps {
  /** The project that is shown, where one is. */
  projectId?: string;
  children: ReactNode;
}

/** A page beside the list of projects. */
export function WithProjects({ projectId, children }: WithProjectsProps) {
  const projects = useQuery(projectsQuery).data;
  const headers = useQuery(headersQuery).data;
  const upload = useUpload(projectId ?? projects?.[0]?.id);
  return (
    <div className="flex h-full flex-col md:flex-row">
      <ProjectList projects={projects} counts={countFlows(headers)} current={projectId} onUpload={upload} />
      {children}
    </div>
  );
}
