// From sign-in to the first answered chat: how many clicks it takes somebody who has a key of a provider and nothing
// else. A wrong key is told before anything is made.
import assert from "node:assert/strict";
import { launch, newPage } from "./browser.mjs";
import { makeEdge, makeNodes, readCatalogue } from "./flows.mjs";
import { goodKey, startModel } from "./model.mjs";
import { perform } from "./report.mjs";
import { admin, startServer } from "./server.mjs";

const id = (name) => `[data-testid="${name}"]`;
const MOST_CLICKS = 5;

if (process.env.E2E_BASE_URL) {
  console.log("skipped: these steps start a server beside a model of their own");
  process.exit(0);
}
const model = await startModel();
const server = await startServer({
  settings: { OPENAI_BASE_URL: model.url, LANGFLOW_SSRF_ALLOWED_HOSTS: "127.0.0.1", OPENAI_API_KEY: undefined },
});
const browser = server && (await launch());
if (!server || !browser) {
  console.log("skipped: no server (set LANGFLOW_BIN) or no Chromium here (set CHROMIUM)");
  server?.stop();
  model.stop();
  process.exit(0);
}
const { base } = server;

/** Where the server has no templates, one is given to the page. */
async function ensureTemplate(page) {
  const there = await (await page.request.get(`${base}/api/v1/flows/basic_examples/`)).json();
  if (there.length > 0) return "";
  const nodes = makeNodes(await readCatalogue(page, base), ["ChatInput", "LanguageModelComponent", "ChatOutput"]);
  const edges = [
    makeEdge(nodes[0], "message", nodes[1], "input_value"),
    makeEdge(nodes[1], "text_output", nodes[2], "input_value"),
  ];
  const template = { id: "1", name: "Simple chat", description: "Talk to a model.", tags: [], data: { nodes, edges } };
  await page.route("**/api/v1/flows/basic_examples/", (route) => route.fulfill({ json: [template] }));
  return "with a template of the test";
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
      await page.locator(id("try-chat-button")).waitFor();
      return ensureTemplate(page);
    },
  },
  {
    name: "try a chat: the model is asked for first",
    needs: "always",
    run: async ({ page }) => {
      await page.click(id("try-chat-button"));
      await page.locator(id("model-step")).waitFor();
    },
  },
  {
    name: "a wrong key is refused by the provider's words",
    run: async ({ page, counts }) => {
      const before = counts.clicks;
      await page.fill(id("provider-variable-input-OPENAI_API_KEY"), "sk-wrong");
      await page.click(id("provider-save-button"));
      await page.getByRole("dialog").getByRole("alert").first().waitFor();
      counts.clicks = before;
    },
  },
  {
    name: "a good key is taken, the flow opens with its chat",
    needs: "always",
    run: async ({ page }) => {
      await page.fill(id("provider-variable-input-OPENAI_API_KEY"), goodKey);
      await page.click(id("provider-save-button"));
      await page.waitForURL(/\/flow\//);
      await page.waitForSelector(id("input-chat-playground"));
    },
  },
  {
    name: "the first answer",
    needs: "always",
    run: async ({ page, counts }) => {
      await page.fill(id("input-chat-playground"), "good morning");
      await page.click(id("button-send"));
      await page
        .locator('[data-testid^="chat-message-AI-"]')
        .getByText(/good morning/)
        .first()
        .waitFor();
      assert.ok(counts.clicks <= MOST_CLICKS, `${counts.clicks} clicks, ${MOST_CLICKS} allowed`);
      return `${counts.clicks} clicks in all`;
    },
  },
];

const { page, counts } = await newPage(browser);
const results = await perform(steps, { page, counts });
await browser.close();
server.stop();
model.stop();
const passed = results.filter((result) => result.passed).length;
console.log(`${passed} of ${results.length} steps passed`);
process.exit(passed === steps.length ? 0 : 1);
