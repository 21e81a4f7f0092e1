// Pages with a real server behind them: knowledge bases, a project as an MCP server, the server's log, keys of one's
// own, and the chat in a frame of a foreign site.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { launch, newPage } from "./browser.mjs";
import { makeEdge, makeNodes, readCatalogue } from "./flows.mjs";
import { goodKey, startModel } from "./model.mjs";
import { perform } from "./report.mjs";
import { admin, startServer } from "./server.mjs";

const id = (name) => `[data-testid="${name}"]`;

if (process.env.E2E_BASE_URL) {
  console.log("skipped: these steps start a server beside a model of their own");
  process.exit(0);
}
const model = await startModel();
const server = await startServer({
  settings: {
    OPENAI_BASE_URL: model.url,
    LANGFLOW_SSRF_ALLOWED_HOSTS: "127.0.0.1",
    OPENAI_API_KEY: undefined,
    LANGFLOW_LOG_RETRIEVER_BUFFER_SIZE: "1000",
    LANGFLOW_LOG_LEVEL: "INFO",
    LANGFLOW_LOG_FILE: "/dev/null",
  },
});
const browser = server && (await launch());
if (!server || !browser) {
  console.log("skipped: no server (set LANGFLOW_BIN) or no Chromium here (set CHROMIUM)");
  server?.stop();
  model.stop();
  process.exit(0);
}
const { base } = server;
const shared = {};

/** A page of somebody else, on another address of this machine. */
function startSite(html) {
  const site = createServer((_, response) => {
    response.writeHead(200, { "content-type": "text/html; charset=utf-8" });
    response.end(html);
  });
  return new Promise((resolve) => {
    site.listen(0, "127.0.0.1", () =>
      resolve({ url: `http://localhost:${site.address().port}/`, stop: () => site.close() }),
    );
  });
}

const steps = [
  {
    name: "sign in",
    needs: "always",
    run: async ({ page }) => {
      await page.goto(`${base}/login`);
      await page.fill("#login-username", admin.username);
      await page.fill("#form-login-password", admin.password);
      await page.getByRole("button", { name: "Sign In" }).click();
      await page.locator(id("mainpage_title")).waitFor();
    },
  },
  {
    name: "models: a provider's key is checked and kept",
    needs: "always",
    run: async ({ page }) => {
      await page.goto(`${base}/settings/model-providers`);
      await page.click(id("provider-item-OpenAI"));
      await page.fill(id("provider-variable-input-OPENAI_API_KEY"), "sk-wrong");
      await page.click(id("provider-save-button"));
      await page.getByRole("alert").first().waitFor();
      await page.fill(id("provider-variable-input-OPENAI_API_KEY"), goodKey);
      await page.click(id("provider-save-button"));
      await page.locator(id("provider-disconnect-button")).waitFor();
    },
  },
  {
    name: "knowledge: a base is made",
    run: async ({ page }) => {
      await page.goto(`${base}/assets/knowledge-bases`);
      await page.click(id("create-knowledge-btn"));
      await page.fill(id("kb-source-name-input"), "Animals");
      await page.locator(id("kb-embedding-model")).locator("option").first().waitFor({ state: "attached" });
      await page.click(id("kb-create-button"));
      await page.locator(id("kb-browse-btn")).waitFor();
    },
  },
  {
    name: "knowledge: documents are cut, looked at and taken in",
    run: async ({ page }) => {
      const text = [
        "The otter holds hands while it sleeps.",
        "A heron waits at the pond.",
        "Bees dance to say where flowers are.",
      ].join("\n\n");
      await page.setInputFiles(id("kb-file-input"), [
        { name: "animals.txt", mimeType: "text/plain", buffer: Buffer.from(text) },
      ]);
      await page.getByText("How documents are cut").click();
      await page.fill(id("kb-chunk-size-input"), "50");
      await page.fill(id("kb-chunk-overlap-input"), "0");
      await page.click(id("kb-preview-button"));
      await page.getByText("animals.txt: 3 pieces").waitFor();
      await page.click(id("kb-ingest-button"));
      await page.waitForSelector(`${id("kb-progress")}[data-state="ready"]`);
      await page.getByRole("button", { name: "Done" }).click();
      const row = page.getByRole("row").filter({ hasText: "Animals" });
      await row.getByText("ready").waitFor();
    },
  },
  {
    name: "knowledge: the pieces are read and searched",
    run: async ({ page }) => {
      await page.getByRole("link", { name: "Animals" }).click();
      await page.getByText("The otter holds hands").waitFor();
      assert.equal(await page.locator('ul[aria-label="Pieces"] > li').count(), 3);
      await page.getByRole("searchbox").or(page.getByRole("textbox")).first().fill("heron");
      await page.waitForFunction(() => document.querySelectorAll('ul[aria-label="Pieces"] > li').length === 1);
      await page.getByText("A heron waits").waitFor();
    },
  },
  {
    name: "knowledge: a base is deleted after a question that names it",
    run: async ({ page }) => {
      await page.goto(`${base}/assets/knowledge-bases`);
      await page.getByRole("checkbox", { name: "Select Animals" }).check();
      await page.click(id("bulk-delete-btn"));
      await page.getByRole("dialog").getByText("Animals").first().waitFor();
      await page.click(id("replace-button"));
      await page.getByRole("link", { name: "Animals" }).waitFor({ state: "detached" });
    },
  },
  {
    name: "a flow of the page, public and with an address",
    needs: "always",
    run: async ({ page }) => {
      const nodes = makeNodes(await readCatalogue(page, base), ["ChatInput", "ChatOutput"]);
      const edges = [makeEdge(nodes[0], "message", nodes[1], "input_value")];
      const made = await page.request.post(`${base}/api/v1/flows/`, {
        data: { name: "Echo of the walk", data: { nodes, edges }, access_type: "PUBLIC" },
      });
      assert.equal(made.status(), 201, await made.text());
      shared.flow = await made.json();
    },
  },
  {
    name: "MCP: a flow becomes a tool, with its name for programs",
    run: async ({ page }) => {
      await page.goto(`${base}/flows`);
      await page.click(id("mcp-btn"));
      await page.locator(id("mcp-server-tab")).waitFor();
      const tool = page.locator(id(`mcp-tool-${shared.flow.id}`));
      if ((await tool.getAttribute("aria-checked")) !== "true") await tool.click();
      await page.waitForSelector(`${id(`mcp-tool-${shared.flow.id}`)}[aria-checked="true"]`);
      await page.getByRole("button", { name: "Edit the tool Echo of the walk" }).click();
      await page.getByRole("dialog").getByLabel("Name for programs").fill("echo_walk");
      await page.getByRole("dialog").getByRole("button", { name: "Save" }).click();
      await page.locator("code", { hasText: "echo_walk" }).waitFor();
    },
  },
  {
    name: "MCP: a snippet for each program and system",
    run: async ({ page }) => {
      await page.locator(id("mcp-auth")).selectOption("apikey");
      await page.locator(id("mcp-create-key")).waitFor();
      const text = () => page.textContent(id("mcp-snippet"));
      const clients = await page
        .locator(`${id("mcp-client")} option`)
        .evaluateAll((all) => all.map((one) => one.value));
      let systems = 0;
      for (const client of clients) {
        await page.locator(id("mcp-client")).selectOption(client);
        assert.match(await text(), /\/api\/v1\/mcp\/project\//, client);
        if ((await page.locator(id("mcp-system")).count()) === 0) continue;
        for (const [system, command] of [
          ["unix", '"npx"'],
          ["windows", '"cmd"'],
          ["wsl", '"wsl"'],
        ]) {
          await page.locator(id("mcp-system")).selectOption(system);
          assert.ok((await text()).includes(`"command": ${command}`), `${client} on ${system}`);
          systems += 1;
        }
      }
      assert.ok(systems >= 3, "no program is told how to start others");
    },
  },
  {
    name: "MCP: the key of the snippet calls the tool",
    run: async ({ page }) => {
      await page.locator(id("mcp-client")).selectOption("other");
      await page.click(id("mcp-create-key"));
      await page.waitForFunction(() => /sk-/.test(document.querySelector('[data-testid="mcp-snippet"]').textContent));
      const [{ url, headers }] = Object.values(JSON.parse(await page.textContent(id("mcp-snippet"))).mcpServers);
      const ask = async (body, more = {}) => {
        const answer = await fetch(url, {
          method: "POST",
          headers: {
            "content-type": "application/json",
            accept: "application/json, text/event-stream",
            ...headers,
            ...more,
          },
          body: JSON.stringify({ jsonrpc: "2.0", ...body }),
        });
        const session = answer.headers.get("mcp-session-id");
        return { status: answer.status, text: await answer.text(), session };
      };
      const refused = await ask({ id: 1, method: "tools/list" }, { "x-api-key": "sk-no" });
      assert.ok([401, 403].includes(refused.status), `${refused.status} without a good key`);
      const clientInfo = { name: "walk", version: "1" };
      const hello = await ask({
        id: 1,
        method: "initialize",
        params: { protocolVersion: "2025-06-18", capabilities: {}, clientInfo },
      });
      assert.equal(hello.status, 200, hello.text);
      const more = hello.session ? { "mcp-session-id": hello.session } : {};
      await ask({ method: "notifications/initialized" }, more);
      const tools = await ask({ id: 2, method: "tools/list" }, more);
      assert.match(tools.text, /echo_walk/);
      const call = { name: "echo_walk", arguments: { input_value: "through a tool" } };
      const said = await ask({ id: 3, method: "tools/call", params: call }, more);
      assert.match(said.text, /through a tool/);
    },
  },
  {
    name: "log: lines appear as they are written, without asking again",
    run: async ({ page, counts }) => {
      await page.goto(`${base}/admin/logs`);
      await page.waitForSelector(`${id("logs-state")}[data-state="live"]`);
      const before = counts.requests;
      const user = `log-${Date.now().toString(36)}`;
      const made = await fetch(`${base}/api/v1/login`, {
        method: "POST",
        headers: { "content-type": "application/x-www-form-urlencoded" },
        body: new URLSearchParams({ username: user, password: "wrong password" }),
      });
      assert.equal(made.status, 401);
      const lines = page.locator(`${id("log-lines")} > li`);
      const count = await lines.count();
      await page.waitForFunction((n) => document.querySelectorAll('[data-testid="log-lines"] > li').length > n, 0);
      await page.waitForTimeout(1500);
      assert.equal(counts.requests, before, "the page asked again");
      await page.click(id("logs-pause"));
      await page.waitForSelector(`${id("logs-state")}[data-state="paused"]`);
      await page.locator(id("logs-level")).selectOption("error");
      return `${count} lines`;
    },
  },
  {
    name: "shortcuts: other keys are taken, refused where they are taken, and given back",
    run: async ({ page }) => {
      await page.goto(`${base}/settings/shortcuts`);
      await page.click(id("change-shortcut-playground"));
      await page.locator(id("shortcut-keys")).press("p");
      await page.getByText("These keys belong to").waitFor();
      assert.equal(await page.isDisabled(id("save-shortcut")), true);
      await page.locator(id("shortcut-keys")).press("Control+Shift+Y");
      await page.click(id("save-shortcut"));
      await page.goto(`${base}/flow/${shared.flow.id}`);
      await page.waitForSelector(".react-flow__node");
      await page.keyboard.press("Control+k");
      assert.equal(await page.locator(id("input-chat-playground")).count(), 0);
      await page.keyboard.press("Control+Shift+Y");
      await page.locator(id("input-chat-playground")).waitFor();
      await page.goto(`${base}/settings/shortcuts`);
      await page.click(id("restore-shortcuts"));
      assert.equal(await page.isDisabled(id("restore-shortcuts")), true);
    },
  },
  {
    name: "embed: the snippet on a foreign site shows the chat, which answers",
    run: async ({ page, browser: own }) => {
      await page.goto(`${base}/flow/${shared.flow.id}`);
      await page.waitForSelector(".react-flow__node");
      await page.click(id("publish-button"));
      await page.click(id("embed-item"));
      const snippet = await page.textContent(id("embed-snippet"));
      const site = await startSite(`<!doctype html><title>Foreign</title><h1>Somebody's page</h1>${snippet}`);
      const visitor = await newPage(own);
      try {
        await visitor.page.goto(site.url);
        const chat = visitor.page.frameLocator("iframe");
        await chat.locator(id("input-chat-playground")).fill("hello from afar");
        await chat.locator(id("button-send")).click();
        await chat.locator('[data-testid^="chat-message-AI-"]').getByText("hello from afar").waitFor();
        assert.deepEqual(visitor.counts.complaints, []);
      } finally {
        await visitor.context.close();
        site.stop();
      }
    },
  },
  {
    name: "embed: no other page of the editor is shown in a frame",
    run: async ({ browser: own }) => {
      const site = await startSite(`<!doctype html><title>Foreign</title><iframe src="${base}/login"></iframe>`);
      const visitor = await newPage(own);
      try {
        await visitor.page.goto(site.url);
        await visitor.page.waitForTimeout(1000);
        assert.equal(await visitor.page.frameLocator("iframe").locator("#login-username").count(), 0);
      } finally {
        await visitor.context.close();
        site.stop();
      }
    },
  },
];

const { page, counts, context } = await newPage(browser);
const results = await perform(steps, { page, counts, context, browser }, process.env.E2E_ONLY?.split(";"));
await browser.close();
server.stop();
model.stop();
if (counts.complaints.length > 0)
  console.log(`FAIL the page complained: ${[...new Set(counts.complaints)].join(" | ").slice(0, 1500)}`);
if (counts.foreign.length > 0) console.log(`FAIL requests to other hosts: ${[...new Set(counts.foreign)].join(", ")}`);
const passed = results.filter((result) => result.passed).length;
console.log(`${passed} of ${steps.length} steps passed`);
process.exit(passed === steps.length && counts.complaints.length === 0 && counts.foreign.length === 0 ? 0 : 1);
