import { expect, test } from "vitest";
import { clients, type McpAccess, type McpClient, writeMcpSnippet } from "./mcp-snippets";

const access: McpAccess = {
  name: "lf-it's mine",
  url: "http://127.0.0.1:7860/api/v1/mcp/project/1/streamable",
  transport: "streamablehttp",
  key: "sk-1",
  system: "unix",
};

const all = Object.keys(clients) as McpClient[];

test.each(all)("%s is told the address and the key, and no key where there is none", (client) => {
  const snippet = writeMcpSnippet(client, access);
  expect(snippet).toContain(access.url);
  expect(snippet).toContain("sk-1");
  if (client !== "claudeCode") expect(() => JSON.parse(snippet)).not.toThrow();
  expect(writeMcpSnippet(client, { ...access, key: undefined })).not.toContain("x-api-key");
});

test("a name is quoted for the shell", () => {
  expect(writeMcpSnippet("claudeCode", access)).toContain(`'lf-it'\\''s mine'`);
});

test.each([
  ["vscode", "sse", '"type": "sse"'],
  ["vscode", "streamablehttp", '"type": "http"'],
  ["claude", "sse", "sse-only"],
  ["claudeCode", "sse", "--transport sse"],
] as const)("%s is told the transport %s", (client, transport, text) => {
  expect(writeMcpSnippet(client, { ...access, transport })).toContain(text);
});

test.each([
  ["unix", "npx"],
  ["windows", "cmd"],
  ["wsl", "wsl"],
] as const)("on %s a program that starts others is told to start %s", (system, command) => {
  const told = all
    .map((client) => writeMcpSnippet(client, { ...access, system }))
    .filter((text) => text.includes("npx"));
  expect(told.map((text) => Object.values<{ command: string }>(JSON.parse(text).mcpServers)[0]?.command)).toEqual([
    command,
  ]);
});
