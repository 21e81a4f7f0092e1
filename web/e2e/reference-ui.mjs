// The web interface of Langflow itself, served by this program: what it needs of a server is what is tested.
// REFERENCE_UI names its folder (`langflow/frontend` of the Python package); without it there is nothing to do.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { launch, newPage, out } from "./browser.mjs";
import { goodKey, startModel } from "./model.mjs";
import { perform } from "./report.mjs";
import { admin, startServer } from "./server.mjs";

const id = (name) => `[data-testid="${name}"]`;

/** Drags a component from the side bar to a place of the canvas. */
async function place(page, component, search, x, y) {
  await page.fill(id("sidebar-search-input"), search);
  const before = await page.locator(".react-flow__node").count();
  await page
    .locator(id(component))
    .first()
    .dragTo(page.locator(id("rf__wrapper")), { targetPosition: { x, y } });
  await page.waitForFunction((count) => document.querySelectorAll(".react-flow__node").length > count, before);
}

/** A node by the type in its id. */
const node = (page, type) => page.locator(`.react-flow__node[data-id^="${type}-"]`).first();

/** Draws an edge from the (only) output of one node to a field of another. */
async function connect(page, source, target, field) {
  const from = node(page, source).locator(".react-flow__handle.source").first();
  const to = node(page, target).locator(`.react-flow__handle.target[data-testid*="${field}"]`).first();
  const before = await page.locator(".react-flow__edge").count();
  await from.dragTo(to);
  await page.waitForFunction((count) => document.querySelectorAll(".react-flow__edge").length > count, before);
}

const show = (page, name) => page.screenshot({ path: `${out}reference-${name}.png` });

const steps = [
  {
    name: "sign in",
    needs: "always",
    run: async ({ page, base }) => {
      await page.goto(base);
      await page.waitForURL(/\/login/);
      await page.fill('input[autocomplete="username"]', admin.username);
      await page.fill('input[autocomplete="current-password"]', admin.password);
      await page.getByRole("button", { name: "Sign in" }).click();
      await page
        .locator(`${id("mainpage_title")}, ${id("new_project_btn_empty_page")}`)
        .first()
        .waitFor();
      await show(page, "1-flows");
    },
  },
  {
    name: "a flow from blank",
    needs: "always",
    run: async (world) => {
      const { page } = world;
      await page
        .locator(`${id("new_project_btn_empty_page")}, ${id("new-project-btn")}`)
        .first()
        .click();
      await page.waitForURL(/\/flow\/[0-9a-f-]{36}/);
      world.flow = /\/flow\/([0-9a-f-]{36})/.exec(page.url())[1];
      // A fresh flow begins with a question over the canvas.
      await page.locator(id("flow-builder-welcome")).waitFor();
      await page.keyboard.press("Escape");
      await page.locator(id("flow-builder-welcome")).waitFor({ state: "detached" });
      // With the side bar of components open, as on the next visit.
      await page.goto(`${world.base}/flow/${world.flow}`);
      await page.locator(id("sidebar-search-input")).waitFor();
    },
  },
  {
    name: "three nodes by dragging",
    needs: "always",
    run: async ({ page }) => {
      await place(page, "input_outputChat Input", "chat input", 120, 220);
      await place(page, "models_and_agentsLanguage Model", "language model", 450, 160);
      await place(page, "input_outputChat Output", "chat output", 850, 220);
      await page.locator(id("canvas_controls_dropdown")).click();
      await page.locator(id("fit_view")).click();
      await page.keyboard.press("Escape");
      await show(page, "2-nodes");
    },
  },
  {
    name: "two edges by dragging",
    needs: "always",
    run: async ({ page }) => {
      await connect(page, "ChatInput", "LanguageModelComponent", "input");
      await connect(page, "LanguageModelComponent", "ChatOutput", "inputs");
      await show(page, "3-edges");
    },
  },
  {
    name: "a model chosen, and all of it saved",
    run: async ({ page, base, flow }) => {
      await node(page, "LanguageModelComponent").getByText("Select a model").click();
      await page.getByText("gpt-4o-mini", { exact: true }).last().click();
      await node(page, "LanguageModelComponent").getByText("gpt-4o-mini").first().waitFor();
      // It saves by itself, some seconds after the last change.
      let saved;
      for (let tries = 0; tries < 60 && !saved; tries += 1) {
        await page.waitForTimeout(500);
        const { data } = await (await page.request.get(`${base}/api/v1/flows/${flow}`)).json();
        const isWhole = data.nodes.length === 3 && data.edges.length === 2;
        saved = isWhole && JSON.stringify(data).includes('"name":"gpt-4o-mini"');
      }
      assert.ok(saved, "the flow on the server is not the one on the canvas");
      await show(page, "4-model");
    },
  },
  {
    name: "playground: ask, and read the streamed answer",
    run: async ({ page }) => {
      await page.locator(id("playground-btn-flow-io")).click();
      await page.locator(id("input-chat-playground")).last().fill("Hello reference");
      await page.locator(id("button-send")).last().click();
      await page.getByText("You said: Hello reference").first().waitFor();
      await show(page, "5-playground");
    },
  },
  {
    name: "settings: an API key",
    run: async ({ page, base }) => {
      await page.goto(`${base}/settings/api-keys`);
      await page.locator(id("api-key-button-store")).click();
      await page.getByRole("dialog").locator("input").first().fill("of the interface");
      await page.locator(id("secret_key_modal_submit_button")).click();
      // The field is there before the answer is.
      await page.waitForFunction(
        (place) => document.querySelector(place)?.value.startsWith("sk-"),
        id("api-key-input"),
      );
      await show(page, "6-key");
      await page.getByRole("button", { name: "Done" }).click();
      await page.getByText("of the interface").first().waitFor();
    },
  },
  {
    name: "settings: a variable",
    run: async ({ page, base }) => {
      await page.goto(`${base}/settings/global-variables`);
      await page.locator(id("api-key-button-store")).click();
      await page.fill("#global-variable-name", "OF_THE_INTERFACE");
      await page.fill(id("popover-anchor-global-variable-value-credential"), "a value");
      await page.locator(id("save-variable-btn")).click();
      await page.getByText("OF_THE_INTERFACE").first().waitFor();
      await show(page, "7-variable");
    },
  },
  ...["general", "model-providers", "mcp-servers", "messages"].map((name) => ({
    name: `settings: ${name}`,
    run: async ({ page, base }) => {
      await page.goto(`${base}/settings/${name}`);
      await page.locator(id("settings_menu_header")).first().waitFor();
      await page.waitForLoadState("networkidle");
      await show(page, `8-${name}`);
    },
  })),
  {
    name: "MCP tab: the flow as a tool",
    run: async ({ page, base }) => {
      await page.goto(`${base}/flows`);
      await page.locator(id("mcp-btn")).click();
      await page.getByText("MCP Server").first().waitFor();
      await page.waitForLoadState("networkidle");
      await page
        .getByText(/new_flow/i)
        .first()
        .waitFor();
      await show(page, "9-mcp");
    },
  },
];

async function main() {
  const folder = process.env.REFERENCE_UI;
  if (!folder || !existsSync(`${folder}/index.html`)) {
    console.log("skipped: REFERENCE_UI names no folder of Langflow's web interface");
    return;
  }
  const model = await startModel();
  const settings = {
    LANGFLOW_FRONTEND_PATH: folder,
    OPENAI_API_KEY: goodKey,
    OPENAI_BASE_URL: model.url,
    LANGFLOW_SSRF_ALLOWED_HOSTS: "127.0.0.1",
  };
  const server = await startServer({ settings });
  const browser = await launch();
  if (!server || !browser) {
    console.log("skipped: there is no program or no browser");
    model.stop();
    return;
  }
  try {
    const { page, counts } = await newPage(browser);
    const results = await perform(steps, { page, counts, base: server.base }, process.env.ONLY?.split(","));
    const passed = results.filter((result) => result.passed).length;
    console.log(`${passed} of ${steps.length} steps passed`);
    assert.equal(passed, steps.length);
  } finally {
    await browser.close();
    server.stop();
    model.stop();
  }
}

await main();
