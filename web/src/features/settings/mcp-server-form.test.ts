import { expect, test } from "vitest";
import { emptyForm, formOf, readServers, splitCommand } from "./mcp-server-form";

test.each([
  ["nothing", {}, undefined],
  ["an address without a scheme", { name: "a", url: "example.org" }, undefined],
  ["a header without a value", { name: "a", url: "https://x.org/mcp", headers: "Authorization" }, undefined],
  [
    "an address and a header",
    { name: " a ", url: " https://x.org/mcp ", headers: "Authorization: Bearer a:b\n\n" },
    [["a", { url: "https://x.org/mcp", headers: { Authorization: "Bearer a:b" } }]],
  ],
  [
    "a program",
    { mode: "stdio", name: "a", command: `npx -y "my server" 'x y'`, env: "KEY=a=b" },
    [["a", { command: "npx", args: ["-y", "my server", "x y"], env: { KEY: "a=b" } }]],
  ],
  ["no JSON", { mode: "json", json: "{" }, undefined],
  ["JSON of one server without a name", { mode: "json", json: '{"url": "https://x.org"}' }, undefined],
  ["JSON of none", { mode: "json", json: '{"mcpServers": {"a": 1}}' }, undefined],
  [
    "JSON of several",
    { mode: "json", json: '{"mcpServers": {"a": {"url": "u"}, "b": {"command": "c"}}}' },
    [
      ["a", { url: "u" }],
      ["b", { command: "c" }],
    ],
  ],
] as const)("%s", (_, change, servers) => {
  expect(readServers({ ...emptyForm, ...change })).toEqual(servers);
});

test("a server that is there becomes the form that makes it", () => {
  for (const config of [
    { url: "https://x.org/mcp", headers: { "X-Key": "********" } },
    { command: "uvx", args: ["a b", 'say "hi"'], env: { A: "1" } },
  ]) {
    expect(readServers(formOf("s", config))).toEqual([["s", config]]);
  }
});

test("words of a command line", () => {
  expect(splitCommand('  a  \'b c\' "d \\" e" ')).toEqual(["a", "b c", 'd " e']);
});
