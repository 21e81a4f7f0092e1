/** How programs are told of a project's MCP server. */
import { catalogue } from "@/i18n/catalogue";

export const clients = {
  cursor: "Cursor",
  claude: "Claude Desktop",
  claudeCode: "Claude Code",
  vscode: "VS Code",
  windsurf: "Windsurf",
  other: "Other",
} as const;
export type McpClient = keyof typeof clients;

export type Transport = "streamablehttp" | "sse";

/** Where a program runs that starts others. */
export type System = "unix" | "windows" | "wsl";

export interface McpAccess {
  /** The name that the program shows. */
  name: string;
  url: string;
  transport: Transport;
  /** Sent as `x-api-key`; none where the project is open. */
  key: string | undefined;
  system: System;
}

/** Where the snippet belongs: said above it. */
export const places: Record<McpClient, string> = catalogue("mcp-places", {
  cursor: "Into .cursor/mcp.json of a project, or ~/.cursor/mcp.json for all.",
  claude: "Into claude_desktop_config.json (Settings → Developer → Edit config). Needs Node.js for npx.",
  claudeCode: "In a terminal.",
  vscode: "Into .vscode/mcp.json of a workspace.",
  windsurf: "Into ~/.codeium/windsurf/mcp_config.json.",
  other: "Any program that speaks MCP over HTTP.",
});

export function writeMcpSnippet(client: McpClient, { name, url, transport, key, system }: McpAccess): string {
  const headers = key ? { headers: { "x-api-key": key } } : {};
  const json = (value: unknown) => JSON.stringify(value, null, 2);
  switch (client) {
    case "cursor":
    case "other":
      return json({ mcpServers: { [name]: { url, ...headers } } });
    case "windsurf":
      return json({ mcpServers: { [name]: { serverUrl: url, ...headers } } });
    case "vscode":
      return json({ servers: { [name]: { type: transport === "sse" ? "sse" : "http", url, ...headers } } });
    case "claude": {
      // Claude Desktop starts programs only; mcp-remote speaks HTTP for it.
      const args = ["-y", "mcp-remote", url, "--transport", transport === "sse" ? "sse-only" : "http-only"];
      const plain = url.startsWith("http://") ? ["--allow-http"] : [];
      const header = key ? ["--header", `x-api-key:${key}`] : [];
      return json({ mcpServers: { [name]: started(system, "npx", [...args, ...plain, ...header]) } });
    }
    case "claudeCode": {
      const kind = transport === "sse" ? "sse" : "http";
      const header = key ? ` --header ${quoted(`x-api-key: ${key}`)}` : "";
      return `claude mcp add --transport ${kind} ${quoted(name)} ${quoted(url)}${header}`;
    }
  }
}

/** How a program is started there; on Windows `npx` is a script, which needs a shell. */
function started(system: System, program: string, args: string[]): { command: string; args: string[] } {
  switch (system) {
    case "unix":
      return { command: program, args };
    case "windows":
      return { command: "cmd", args: ["/c", program, ...args] };
    case "wsl":
      return { command: "wsl", args: [program, ...args] };
  }
}

const quoted = (text: string) => (/^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`);
