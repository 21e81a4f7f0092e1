// Pictures of every page in both themes on a desk and on a phone, each checked with axe and for a page that scrolls
// sideways.
// LOOKS_FLOW opens an existing flow; otherwise a template or a small flow is made.
import axeModule from "@axe-core/playwright";
import { launch, newPage, out } from "./browser.mjs";
import { makeAskingFlow } from "./flows.mjs";
import { admin, startServer } from "./server.mjs";

const Axe = axeModule.default ?? axeModule;
const sizes = { desk: { width: 1440, height: 900 }, phone: { width: 390, height: 844 } };
const id = (name) => `[data-testid="${name}"]`;

const server = await startServer({
  settings: { LANGFLOW_LOG_RETRIEVER_BUFFER_SIZE: "200", LANGFLOW_LOG_LEVEL: "INFO", LANGFLOW_LOG_FILE: "/dev/null" },
});
const browser = server && (await launch());
if (!server || !browser) {
  console.log("skipped: no server or no Chromium here");
  server?.stop();
  process.exit(0);
}
const { base } = server;
const found = [];

const seen = new Set();
async function look(page, name) {
  seen.add(name);
  await page.waitForFunction(() => document.querySelector(".skeleton") === null);
  await page.waitForTimeout(350);
  await page.screenshot({ path: `${out}look-${name}.png` });
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  if (wide > 0) {
    found.push({ name, impact: "serious", rule: "scrolls sideways", where: [] });
    console.log(`serious   ${name.padEnd(28)} scrolls sideways by ${wide} px`);
  }
  const { violations } = await new Axe({ page }).withTags(["wcag2a", "wcag2aa", "wcag21aa"]).analyze();
  for (const violation of violations) {
    const where = violation.nodes.slice(0, 3).map((node) => node.target.join(" "));
    found.push({ name, impact: violation.impact, rule: violation.id, where });
    console.log(
      `${violation.impact?.padEnd(9)} ${name.padEnd(28)} ${violation.id}: ${where.join(" | ").slice(0, 220)}`,
    );
  }
}

/** A flow with something of everything that this server has, at home in no template. */
async function flowAddress(page) {
  if (process.env.LOOKS_FLOW) return `/flow/${process.env.LOOKS_FLOW}`;
  const catalogue = await (await page.request.get(`${base}/api/v1/all`)).json();
  const types = [
    "ChatInput",
    "Prompt Template",
    "LanguageModelComponent",
    "Agent",
    "APIRequest",
    "SplitText",
    "ChatOutput",
  ];
  const entries = Object.values(catalogue).flatMap((group) => Object.entries(group));
  const nodes = types.flatMap((type, index) => {
    const def = entries.find(([key, value]) => key === type && value.template)?.[1];
    if (!def) return [];
    const nodeId = `${type}-look${index}`;
    const position = { x: (index % 4) * 400, y: Math.floor(index / 4) * 520 };
    return [{ id: nodeId, type: "genericNode", position, data: { id: nodeId, type, node: def, showNode: true } }];
  });
  const note = {
    id: "note-look1",
    type: "noteNode",
    position: { x: 1200, y: 520 },
    width: 320,
    height: 180,
    data: {
      id: "note-look1",
      type: "note",
      node: { description: "## A note\nwith **Markdown**", template: { backgroundColor: "blue" } },
    },
  };
  const made = await page.request.post(`${base}/api/v1/flows/`, {
    data: {
      name: "Looks",
      data: { nodes: [...nodes, note], edges: [] },
      description: "A flow to look at",
      access_type: "PUBLIC",
    },
  });
  return `/flow/${(await made.json()).id}`;
}

async function openTemplates(page) {
  await page.click(id("new-project-btn"));
  await page.waitForSelector('[data-testid^="template-"]');
}

async function openMcp(page) {
  await page.click(id("mcp-btn"));
  await page.waitForSelector(id("mcp-snippet"));
}

let flow;
/** A run that asks a person: at its node, in the chat, and answered. */
async function lookAtQuestion(page, tag) {
  const { flowId } = await makeAskingFlow(page, base, `Asking ${tag}`);
  await page.goto(`${base}/flow/${flowId}`);
  await page.waitForSelector(".react-flow__node");
  await page.click(id("playground-btn-flow-io"));
  await page.fill(id("input-chat-playground"), "**Refund of 120 €** to Ms Miller?\n\n- order *4711*, late");
  await page.keyboard.press("Enter");
  await page.waitForSelector(id("human-input-card"));
  await look(page, `question-${tag}`);
  await page.click(id("playground-close-button"));
  await page.click(id("show-waiting"));
  await page.waitForSelector(id("waiting-panel"));
  await look(page, `waiting-${tag}`);
  await page.locator(`${id("waiting-panel")} ${id("human-choice-approve")}`).click();
  await page.click(id("playground-btn-flow-io"));
  await page.waitForSelector(`${id("human-input-card")}[data-open="false"]`);
  await look(page, `answered-${tag}`);
}

/** `LOOKS_ONLY=light-desk,dark-phone` draws only these. */
const wanted = process.env.LOOKS_ONLY?.split(",");
for (const theme of ["light", "dark"]) {
  for (const [size, viewport] of Object.entries(sizes)) {
    if (wanted && !wanted.includes(`${theme}-${size}`)) continue;
    const { page, context } = await newPage(browser, { viewport, colorScheme: theme });
    const tag = `${theme}-${size}`;
    await page.goto(`${base}/login`);
    await page.waitForSelector("#login-username");
    await look(page, `login-${tag}`);
    await page.getByRole("button", { name: "Sign Up" }).click();
    await look(page, `signup-${tag}`);
    await page.goto(`${base}/login`);
    await page.fill("#login-username", admin.username);
    await page.fill("#form-login-password", admin.password);
    await page.getByRole("button", { name: "Sign In" }).click();
    await page.locator(id("mainpage_title")).waitFor();
    flow ??= await flowAddress(page);
    const pages = {
      home: ["/flows", id("list-card")],
      newflow: ["/flows", id("new-project-btn"), openTemplates],
      knowledge: ["/assets/knowledge-bases", id("create-knowledge-btn")],
      general: ["/settings/general", id("settings_menu_header")],
      sessions: ["/settings/sessions", "table"],
      runs: ["/settings/runs", id("runs-flow")],
      messages: ["/settings/messages", id("settings_menu_header")],
      mcpservers: ["/settings/mcp-servers", id("add-mcp-server-button-page")],
      newkey: ["/settings/api-keys", id("api-key-button-store"), (at) => at.click(id("api-key-button-store"))],
      audit: ["/admin/audit", "table"],
      logs: ["/admin/logs", id("log-lines")],
      keys: ["/settings/api-keys", id("api-key-button-store")],
      variables: ["/settings/global-variables", id("api-key-button-store")],
      models: ["/settings/model-providers", id("settings_menu_header")],
      shortcuts: ["/settings/shortcuts", "table"],
      admin: ["/admin", "table"],
      newuser: ["/admin", "table", (at) => at.click(id("admin-new-user"))],
      newvariable: [
        "/settings/global-variables",
        id("api-key-button-store"),
        (at) => at.click(id("api-key-button-store")),
      ],
      newmcpserver: [
        "/settings/mcp-servers",
        id("add-mcp-server-button-page"),
        (at) => at.click(id("add-mcp-server-button-page")),
      ],
      newbase: ["/assets/knowledge-bases", id("create-knowledge-btn"), (at) => at.click(id("create-knowledge-btn"))],
      files: ["/assets/files", id("upload-file-btn")],
      mcptab: ["/flows", id("mcp-btn"), openMcp],
      usermenu: ["/flows", id("user_menu_button"), (at) => at.click(id("user_menu_button"))],
      public: [flow.replace("/flow/", "/playground/"), id("input-chat-playground")],
      editor: [flow, ".react-flow__node"],
    };
    for (const [name, [path, sign, open]] of Object.entries(pages)) {
      try {
        await page.goto(base + path);
        await page.waitForSelector(sign);
        // The log is a stream, which never rests.
        if (name !== "logs") await page.waitForLoadState("networkidle");
        await open?.(page);
        await look(page, `${name}-${tag}`);
      } catch (error) {
        seen.add(`${name}-${tag}`);
        found.push({ name: `${name}-${tag}`, impact: "serious", rule: "does not open", where: [] });
        console.log(`FAIL      ${name}-${tag}: ${String(error.message).split("\n")[0]}`);
      }
    }
    await page.click(id("playground-btn-flow-io"));
    await page.waitForSelector(id("input-chat-playground"));
    await look(page, `playground-${tag}`);
    await page.click(id("playground-close-button"));
    await lookAtQuestion(page, tag);
    await page.goto(base + flow);
    await page.waitForSelector(".react-flow__node");
    if (size === "desk") {
      await page.locator('.react-flow__node [data-testid^="title-Chat"]').first().click();
      await page.keyboard.press("Control+Shift+A");
      await look(page, `inspector-${tag}`);
      await page.keyboard.press("r");
      await page.waitForSelector(id("api-snippet"));
      await look(page, `api-${tag}`);
      await page.keyboard.press("Escape");
      for (const [name, item, sign] of [
        ["export", "export-item", id("modal-export-button")],
        ["embed", "embed-item", id("embed-snippet")],
        ["versions", "sidebar-nav-versions", '[role="dialog"]'],
        ["traces", "sidebar-nav-traces", '[role="dialog"]'],
      ]) {
        await page.click(id("publish-button"));
        await page.click(id(item));
        await page.waitForSelector(sign);
        await look(page, `${name}-${tag}`);
        await page.keyboard.press("Escape");
      }
      await page.locator('.react-flow__node [data-testid^="title-Chat"]').first().click({ button: "right" });
      await page.waitForSelector(id("context-menu"));
      await look(page, `nodemenu-${tag}`);
      await page.keyboard.press("Escape");
      await page.keyboard.press("Control+p");
      await look(page, `palette-${tag}`);
      await page.keyboard.press("Escape");
      await page.locator('.react-flow__node [data-testid^="title-Chat"]').first().click();
      await page.keyboard.press("Space");
      await page.waitForSelector(".cm-content");
      await page.click(id("compare-code-button"));
      await look(page, `code-${tag}`);
      await page.keyboard.press("Escape");
    }
    await context.close();
  }
}
await browser.close();
server.stop();
const grave = found.filter(({ impact }) => impact === "serious" || impact === "critical");
const bad = new Set(grave.map(({ name }) => name));
console.log(`${found.length} findings, ${grave.length} serious or critical`);
console.log(`${seen.size - bad.size} of ${seen.size} steps passed`);
process.exit(grave.length > 0 ? 1 : 0);
