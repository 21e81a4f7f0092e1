// What goes wrong around the pages: the server is away, sessions end elsewhere, addresses and files are bad. Each is
// told in plain words where it happened, and nothing is a white page.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { launch, newPage } from "./browser.mjs";
import { perform } from "./report.mjs";
import { admin, startServer } from "./server.mjs";

const id = (name) => `[data-testid="${name}"]`;

if (process.env.E2E_BASE_URL) {
  console.log("skipped: these steps stop and start a server of their own");
  process.exit(0);
}
let server = await startServer();
const browser = server && (await launch());
if (!server || !browser) {
  console.log("skipped: no server (set LANGFLOW_BIN) or no Chromium here (set CHROMIUM)");
  server?.stop();
  process.exit(0);
}

async function signIn(page, base) {
  await page.goto(`${base}/login`);
  await page.fill("#login-username", admin.username);
  await page.fill("#form-login-password", admin.password);
  await page.getByRole("button", { name: "Sign In" }).click();
  await page.locator(id("mainpage_title")).waitFor();
}

const files = mkdtempSync(join(tmpdir(), "langflow-files-"));
const file = (name, content) => {
  const path = join(files, name);
  writeFileSync(path, content);
  return path;
};
const toastOf = (page, text) => page.getByRole("alert").filter({ hasText: text });

const steps = [
  {
    name: "sign in",
    needs: "always",
    run: ({ page }) => signIn(page, server.base),
  },
  ...["/nowhere", "/flow/not-an-id", "/settings/nothing", "/assets", "/playground/0", "/admin/nothing"].map((path) => ({
    name: `address that is not there: ${path}`,
    run: async ({ page }) => {
      await page.goto(server.base + path);
      await page.waitForFunction(() => document.querySelector("#root")?.textContent?.trim().length > 20);
      assert.equal(await page.getByText("ran into a problem").count(), 0);
    },
  })),
  {
    name: "files that are no flows are refused by name",
    run: async ({ page }) => {
      await page.goto(`${server.base}/flows`);
      const input = page.locator('[data-testid="project-sidebar"] input[type="file"]');
      for (const [name, content, words] of [
        ["broken.json", '{"data": {"nodes": [', "no JSON object"],
        ["list.json", "[1, 2, 3]", "no JSON object"],
        ["other.json", '{"hello": "world"}', "no nodes and edges"],
        ["empty.zip", "PK", "empty.zip"],
      ]) {
        await input.setInputFiles(file(name, content));
        await toastOf(page, name).filter({ hasText: words }).first().waitFor();
      }
    },
  },
  {
    name: "a flow with broken parts opens with what can be read",
    run: async ({ page }) => {
      const made = await page.request.post(`${server.base}/api/v1/flows/`, {
        data: { name: "Broken", data: { nodes: [null, { id: 1 }, { nonsense: true }], edges: [{ source: "x" }, "y"] } },
      });
      assert.ok(made.ok(), String(made.status()));
      await page.goto(`${server.base}/flow/${(await made.json()).id}`);
      await page.waitForSelector(id("rf__wrapper"));
      await page
        .getByText(/broken parts? of this flow/)
        .first()
        .waitFor();
    },
  },
  {
    name: "the server is away: told, and gone on with when it is back",
    run: async ({ page }) => {
      await page.goto(`${server.base}/settings/sessions`);
      await page.getByRole("table").waitFor();
      await page.click(id("sidebar-nav-General"));
      await page.getByRole("heading", { name: "Profile" }).waitFor();
      const { folder, port } = server;
      await server.halt();
      await page.click(id("sidebar-nav-Sessions"));
      await page.getByText("The server does not answer").first().waitFor();
      // A page whose code was not loaded yet.
      await page.click(id("sidebar-nav-Langflow API Keys"));
      await page.getByText("Part of this page could not be loaded").waitFor();
      await page.getByRole("button", { name: "Load again" }).click();
      await page.getByText("The server does not answer yet").waitFor();
      server = await startServer({ folder, port });
      await page.getByRole("button", { name: "Load again" }).click();
      await page.getByText("You have no API keys yet").waitFor();
    },
  },
  {
    name: "the session ended elsewhere: sign in and be back",
    run: async ({ page }) => {
      const other = await newPage(browser);
      await signIn(other.page, server.base);
      await other.page.goto(`${server.base}/settings/sessions`);
      await other.page.click(id("end-sessions-button"));
      await other.page.click(id("replace-button"));
      await other.page.getByText("Sessions ended.").first().waitFor();
      await other.context.close();
      await page.goto(`${server.base}/settings/general`).catch(() => undefined);
      await page.waitForURL(/\/login/);
      await page.fill("#login-username", admin.username);
      await page.fill("#form-login-password", admin.password);
      await page.getByRole("button", { name: "Sign In" }).click();
      await page.waitForURL(/\/settings\/general/);
    },
  },
  {
    name: "the session ends while a page is open",
    run: async ({ page, context }) => {
      await page.goto(`${server.base}/settings/general`);
      await page.getByRole("heading", { name: "Profile" }).waitFor();
      await context.clearCookies();
      await page.click(id("sidebar-nav-Global Variables"));
      await page.waitForURL(/\/login\?ended&next=/);
      await page.getByText("Your session has ended").waitFor();
    },
  },
  {
    name: "without accounts the editor opens by itself",
    run: async () => {
      const open = await startServer({
        settings: {
          LANGFLOW_AUTO_LOGIN: undefined,
          LANGFLOW_SUPERUSER: undefined,
          LANGFLOW_SUPERUSER_PASSWORD: undefined,
        },
      });
      const visitor = await newPage(browser);
      try {
        await visitor.page.goto(`${open.base}/`);
        await visitor.page.waitForURL(/\/flows/);
        await visitor.page.locator(id("mainpage_title")).waitFor();
        assert.equal(await visitor.page.locator("#login-username").count(), 0);
        await visitor.page.reload();
        await visitor.page.locator(id("mainpage_title")).waitFor();
        await visitor.page.click(id("new-project-btn"));
        await visitor.page.click(id("blank-flow"));
        await visitor.page.waitForSelector(id("rf__wrapper"));
      } finally {
        await visitor.context.close();
        open.stop();
      }
    },
  },
];

const { page, counts, context } = await newPage(browser);
const results = await perform(steps, { page, counts, context }, process.env.E2E_ONLY?.split(";"));
await browser.close();
server.stop();
rmSync(files, { recursive: true, force: true });
const passed = results.filter((result) => result.passed).length;
console.log(`${passed} of ${results.length} steps passed`);
process.exit(passed === results.length ? 0 : 1);
