// Every template of the server: it opens, asks for its model where it needs one, and answers with a model that is not
// one. The provider's key is taken away before each, so that each is somebody's first.
import assert from "node:assert/strict";
import { launch, newPage } from "./browser.mjs";
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
const { page, counts } = await newPage(browser);

async function forgetKeys() {
  const variables = await (await page.request.get(`${base}/api/v1/variables/`)).json();
  for (const variable of variables.filter(({ name }) => name === "OPENAI_API_KEY"))
    await page.request.delete(`${base}/api/v1/variables/${variable.id}`);
}

/** Keys and files that the template asks for besides its model: given as a person would, by hand. */
const otherKeys = /_API_KEY$|_TOKEN$/;

async function tryTemplate(template) {
  await forgetKeys();
  await page.goto(`${base}/flows`);
  await page.locator(id("mainpage_title")).waitFor();
  const before = counts.clicks;
  const opener = page.locator(`${id("new-project-btn")}, ${id("new_project_btn_empty_page")}`).first();
  await opener.click();
  const slug = template.name.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-");
  await page.locator(id(`template-${slug}`)).click();
  await page.waitForFunction(
    () => location.pathname.startsWith("/flow/") || document.querySelector('[data-testid="model-step"]'),
  );
  const asked = (await page.locator(id("model-step")).count()) > 0;
  if (asked) {
    await page.fill(id("provider-variable-input-OPENAI_API_KEY"), goodKey);
    await page.click(id("provider-save-button"));
    await page.waitForURL(/\/flow\//);
  }
  await page.locator(".react-flow__node").first().waitFor();
  const types = template.data.nodes.map((node) => node.data.type);
  assert.equal(await page.getByText("cannot be drawn").count(), 0, "a node cannot be drawn");
  const isChat = types.includes("ChatInput") && types.includes("ChatOutput");
  if (isChat) {
    if ((await page.locator(id("input-chat-playground")).count()) === 0) await page.click(id("playground-btn-flow-io"));
    await page.fill(id("input-chat-playground"), "a word about otters");
    await page.click(id("button-send"));
  } else {
    await page.click(id("run-flow-button"));
  }
  const clicks = counts.clicks - before;
  const outcome = await Promise.race([
    page
      .locator('[data-testid^="chat-message-"]:not([data-testid^="chat-message-User-"])')
      .getByText(/You said/)
      .first()
      .waitFor({ timeout: 40_000 })
      .then(() => "answered"),
    page
      .locator(id("run-failed-banner"))
      .waitFor({ timeout: 40_000 })
      .then(async () => (await page.locator(id("run-failed-banner")).textContent()).slice(0, 160)),
  ]).catch((error) => String(error.message).split("\n")[0]);
  return { asked, clicks, outcome, isChat };
}

await page.goto(`${base}/login`);
await page.fill("#login-username", admin.username);
await page.fill("#form-login-password", admin.password);
await page.getByRole("button", { name: "Sign In" }).click();
await page.locator(id("mainpage_title")).waitFor();
const templates = await (await page.request.get(`${base}/api/v1/flows/basic_examples/`)).json();
const only = process.env.E2E_ONLY?.split(";");
const steps = templates
  .filter((template) => !only || only.includes(template.name))
  .map((template) => ({
    name: template.name,
    run: async () => {
      const { asked, clicks, outcome, isChat } = await tryTemplate(template);
      const text = JSON.stringify(template.data);
      const needsModel = /"type":"model"/.test(text);
      if (needsModel) assert.ok(asked, "it did not ask for its model");
      assert.ok(clicks <= MOST_CLICKS, `${clicks} clicks, ${MOST_CLICKS} allowed`);
      // What else it needs is said by name; without it the run says so, and where.
      const keys = [...new Set(text.match(/"[A-Z_]{4,}"/g) ?? [])].map((name) => name.slice(1, -1));
      const lacks = keys.filter((name) => otherKeys.test(name) && name !== "OPENAI_API_KEY");
      if (outcome !== "answered") {
        assert.match(outcome, /failed/, outcome);
        // A document of one's own, and sites that a test machine does not reach, are said as plainly.
        const isNamed = lacks.length > 0 || /No files to process|cannot be reached/.test(outcome);
        assert.ok(isNamed, outcome);
        return `${clicks} clicks; ${lacks.length > 0 ? `without ${lacks.join(", ")}` : "told"}: ${outcome}`;
      }
      return `${clicks} clicks, ${isChat ? "chat" : "run"}, ${asked ? "asked for its model" : "needs no model"}`;
    },
  }));
const results = await perform(steps, { page, counts });
await browser.close();
server.stop();
model.stop();
const passed = results.filter((result) => result.passed).length;
console.log(`${passed} of ${results.length} steps passed`);
process.exit(passed === results.length ? 0 : 1);
