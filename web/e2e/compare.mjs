// One person's way through the pages, by element ids that this editor and Langflow's share, so that both can be
// measured alike. COMPARE_BASE_URL and COMPARE_USERNAME/COMPARE_PASSWORD name a running Langflow; without them only
// this server is driven. Writes out/compare.md.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { cpuSeconds, launch, newPage, out } from "./browser.mjs";
import { makeEdge, makeNodes, readCatalogue } from "./flows.mjs";
import { perform } from "./report.mjs";
import { admin, startServer } from "./server.mjs";

const id = (name) => `[data-testid="${name}"]`;
const unique = `c${Date.now().toString(36)}`;

/** Chat Input → Chat Output, and two more nodes beside them. */
async function makeFlow(page, base) {
  const types = ["ChatInput", "Prompt Template", "LanguageModelComponent", "ChatOutput"];
  const nodes = makeNodes(await readCatalogue(page, base), types);
  const edge = makeEdge(nodes[0], "message", nodes[3], "input_value");
  const made = await page.request.post(`${base}/api/v1/flows/`, {
    data: { name: `${unique} flow`, data: { nodes, edges: [edge], viewport: { x: 0, y: 0, zoom: 1 } } },
  });
  assert.equal(made.status(), 201);
  return (await made.json()).id;
}

const steps = [
  {
    name: "login page, cold",
    needs: "always",
    run: async ({ page, base, client }) => {
      await page.goto(`${base}/login`);
      await page.waitForSelector("#login-username");
      return `${(await cpuSeconds(client)).toFixed(2)} s browser CPU`;
    },
  },
  {
    name: "wrong password",
    run: async ({ page }) => {
      await page.fill("#login-username", admin.username);
      await page.fill("#form-login-password", "not the password");
      await page.getByRole("button", { name: "Sign In" }).click();
      const told = page.getByText(/wrong|incorrect/i);
      await told.first().waitFor();
      await page.waitForTimeout(500);
      return `told ${await told.count()} times`;
    },
  },
  {
    name: "sign in, to the list of flows",
    needs: "always",
    run: async ({ page, base, user }) => {
      await page.goto(`${base}/login`);
      await page.fill("#login-username", user.username);
      await page.fill("#form-login-password", user.password);
      await page.getByRole("button", { name: "Sign In" }).click();
      await page
        .locator(`${id("mainpage_title")}, ${id("new_project_btn_empty_page")}`)
        .first()
        .waitFor();
    },
  },
  {
    name: "API key: made and copied",
    run: async ({ page, base }) => {
      await page.goto(`${base}/settings/api-keys`);
      await page.click(id("api-key-button-store"));
      await page.getByRole("dialog").locator("input").first().fill(`${unique} key`);
      await page.click(id("secret_key_modal_submit_button"));
      assert.match(await page.locator(id("api-key-input")).inputValue(), /^sk-/);
      await page.click(id("btn-copy-api-key"));
      await page.getByRole("button", { name: "Done" }).click();
      await page.getByText(`${unique} key`).first().waitFor();
    },
  },
  {
    name: "Credential variable: made",
    run: async ({ page, base }) => {
      await page.goto(`${base}/settings/global-variables`);
      await page.click(id("api-key-button-store"));
      await page.fill("#global-variable-name", `${unique}_SECRET`);
      await page.fill(id("popover-anchor-global-variable-value-credential"), "a-secret-of-the-walk");
      await page.click(id("save-variable-btn"));
      await page.getByText(`${unique}_SECRET`).first().waitFor();
    },
  },
  {
    name: "model providers: the page",
    run: async ({ page, base }) => {
      await page.goto(`${base}/settings/model-providers`);
      await page.locator(id("provider-item-OpenAI")).waitFor();
    },
  },
  {
    name: "editor: a flow of four nodes, cold",
    run: async (world) => {
      const { page, base, context } = world;
      world.flow = await makeFlow(page, base);
      const cold = await context.newPage();
      const client = await context.newCDPSession(cold);
      await client.send("Network.enable");
      await client.send("Performance.enable", { timeDomain: "threadTicks" });
      let [requests, bytes] = [0, 0];
      client.on("Network.requestWillBeSent", () => {
        requests += 1;
      });
      client.on("Network.loadingFinished", ({ encodedDataLength }) => {
        bytes += encodedDataLength;
      });
      await client.send("Network.setCacheDisabled", { cacheDisabled: true });
      const start = performance.now();
      await cold.goto(`${base}/flow/${world.flow}`);
      await cold.waitForFunction(() => document.querySelectorAll(".react-flow__node").length === 4);
      const seconds = (performance.now() - start) / 1000;
      const cpu = await cpuSeconds(client);
      await cold.close();
      return `${seconds.toFixed(1)} s, ${requests} requests, ${Math.round(bytes / 1000)} kB, ${cpu.toFixed(1)} s browser CPU`;
    },
  },
  {
    name: "playground: ask, and read the answer",
    run: async ({ page, base, flow }) => {
      await page.goto(`${base}/flow/${flow}`);
      await page.waitForSelector(".react-flow__node");
      await page.click(id("playground-btn-flow-io"));
      await page.locator(id("input-chat-playground")).last().fill("Hello walker");
      await page.locator(id("button-send")).last().click();
      await page.locator('[data-testid^="chat-message-AI-"]').getByText("Hello walker").first().waitFor();
    },
  },
  {
    name: "share: the snippet for a program",
    run: async ({ page, base, flow }) => {
      await page.goto(`${base}/flow/${flow}`);
      await page.waitForSelector(".react-flow__node");
      await page.click(id("publish-button"));
      await page.click(id("api-access-item"));
      await page.click(id("api_tab_curl"));
      await page.getByText(/curl/).first().waitFor();
      await page.keyboard.press("Escape");
    },
  },
  {
    name: "flows: the list again, warm",
    run: async ({ page, base }) => {
      await page.goto(`${base}/flows`);
      await page.locator(id("list-card")).first().waitFor();
    },
  },
  {
    name: "admin: the list of users",
    run: async ({ page, base }) => {
      await page.goto(`${base}/admin`);
      await page
        .getByText(/New User/)
        .first()
        .waitFor({ timeout: 20_000 });
    },
  },
  {
    name: "idle for ten seconds in the editor",
    run: async ({ page, base, flow, counts }) => {
      await page.goto(`${base}/flow/${flow}`);
      await page.waitForSelector(".react-flow__node");
      await page.waitForTimeout(5000);
      const before = counts.requests;
      await page.waitForTimeout(10_000);
      return `${counts.requests - before} requests`;
    },
  },
];

async function drive(browser, base, user) {
  const opened = await newPage(browser);
  console.log(base);
  const results = await perform(steps, { ...opened, base, user, browser });
  await opened.context.close();
  return results;
}

const server = await startServer();
const browser = server && (await launch());
if (!server || !browser) {
  console.log("skipped: no server or no Chromium here");
  server?.stop();
  process.exit(0);
}
const ours = await drive(browser, server.base, admin);
const other = process.env.COMPARE_BASE_URL
  ? await drive(browser, process.env.COMPARE_BASE_URL, {
      username: process.env.COMPARE_USERNAME,
      password: process.env.COMPARE_PASSWORD,
    })
  : [];
await browser.close();
server.stop();

const cell = (result) => {
  if (!result) return "–";
  if (!result.passed) return "could not be driven";
  const figures = `${result.seconds} s, ${result.requests} requests, ${result.kilobytes} kB, ${result.clicks} clicks`;
  return result.note ? `${figures} (${result.note})` : figures;
};
const rows = ours.map((result) => {
  const same = other.find((candidate) => candidate.name === result.name);
  return `| ${result.name} | ${cell(result)} | ${cell(same)} |`;
});
writeFileSync(`${out}compare.md`, ["| step | langflow-rs | Langflow |", "|---|---|---|", ...rows, ""].join("\n"));
process.exit(ours.every((result) => result.passed) ? 0 : 1);
