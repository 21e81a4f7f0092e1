/** MCP servers whose tools flows can use. */
import { queryOptions } from "@tanstack/react-query";
import { api } from "./client";

const place = "/api/v2/mcp/servers";
const at = (name: string) => `${place}/${encodeURIComponent(name)}`;

export interface McpServer {
  name: string;
  mode?: string | null;
  toolsCount?: number | null;
  error?: string | null;
}

export type McpServerConfig = Record<string, unknown>;

/** With `checked` the server calls each of them and counts its tools. */
export const mcpServerListQuery = (checked: boolean) =>
  queryOptions({
    queryKey: ["mcp-servers", { checked }],
    queryFn: ({ signal }) => api<McpServer[]>(place, { query: { action_count: checked }, signal }),
  });

/** Values of headers and of the environment come masked. */
export const readMcpServer = (name: string) => api<McpServerConfig>(at(name));

export async function saveMcpServers(servers: [name: string, config: McpServerConfig][], isNew: boolean) {
  for (const [name, body] of servers) await api(at(name), { method: isNew ? "POST" : "PATCH", body });
}

export async function deleteMcpServer(name: string): Promise<void> {
  await api(at(name), { method: "DELETE" });
}
