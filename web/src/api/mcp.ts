/** A project as an MCP server. */
import { queryOptions } from "@tanstack/react-query";
import { api } from "./client";

export interface McpTool {
  id: string;
  mcp_enabled: boolean | null;
  action_name: string | null;
  action_description: string | null;
  name: string;
  description: string | null;
}

export interface McpProject {
  tools: McpTool[];
  auth_settings: { auth_type?: string } | null;
  server_name?: string;
}

interface Addresses {
  streamable_http_url: string;
  legacy_sse_url: string;
}

export interface InstalledClient {
  name: string;
  installed: boolean;
  available: boolean;
}

const place = (projectId: string) => `/api/v1/mcp/project/${projectId}`;

export const mcpProjectQuery = (projectId: string) =>
  queryOptions({
    queryKey: ["mcp", projectId],
    queryFn: ({ signal }) => api<McpProject>(place(projectId), { query: { mcp_enabled: false }, signal }),
  });

export const mcpAddressesQuery = (projectId: string) =>
  queryOptions({
    queryKey: ["mcp", projectId, "addresses"],
    queryFn: ({ signal }) => api<Addresses>(`${place(projectId)}/composer-url`, { signal }),
  });

export const mcpInstalledQuery = (projectId: string) =>
  queryOptions({
    queryKey: ["mcp", projectId, "installed"],
    queryFn: ({ signal }) => api<InstalledClient[]>(`${place(projectId)}/installed`, { signal }),
  });

export type McpToolChange = Pick<McpTool, "id" | "mcp_enabled" | "action_name" | "action_description">;

export async function saveMcpProject(
  projectId: string,
  change: { settings: McpToolChange[]; auth_settings: { auth_type: string } | null },
): Promise<void> {
  await api(place(projectId), { method: "PATCH", body: change });
}

export async function installMcp(projectId: string, client: string, transport: string): Promise<void> {
  await api(`${place(projectId)}/install`, { method: "POST", body: { client, transport } });
}
