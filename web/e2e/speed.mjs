// How fast flows open and follow the pointer, on the real server: seconds to an editor that answers, and the
// longest task of the main thread during a drag. Prints a table; fails beyond the limits times SPEED_SLACK.
import { launch, newPage, out } from "./browser.mjs";
import { admin, startServer } from "./server.mjs";

const slack = Number(process.env.SPEED_SLACK ?? 1);
const limits = { smallOpen: 1, largeOpen: 2, longestTask: 50 };
const id = (name) => `[data-testid="${name}"]`;

const server = await startServer();
const browser = server && (await launch());
if (!server || !browser) {
  console.log("skipped: no server or no Chromium here");
  server?.stop();
  process.exit(0);
}
const { base } = server;

/** Handles as the editor writes them. */
const encode = (handle) =>
  JSON.stringify(Object.fromEntries(Object.entries(handle).sort(([a], [b]) => (a < b ? -1 : 1)))).replaceAll('"', "œ");

async function makeFlow(page, count) {
  const catalogue = await (await page.request.get(`${base}/api/v1/all`)).json();
  const entries = Object.values(catalogue).flatMap((group) => Object.entries(group));
  const kinds = ["Prompt Template", "LanguageModelComponent", "APIRequest", "TextInput"].flatMap((type) => {
    const def = entries.find(([key, value]) => key === type && value.template)?.[1];
    return def ? [[type, def]] : [];
  });
  const columns = Math.ceil(Math.sqrt(count * 1.6));
  const nodes = Array.from({ length: count }, (_, index) => {
    const [type, def] = kinds[index % kinds.length];
    const nodeId = `${type.replaceAll(" ", "")}-${String(index).padStart(5, "0")}`;
    const position = { x: (index % columns) * 420, y: Math.floor(index / columns) * 620 };
    return { id: nodeId, type: "genericNode", position, data: { id: nodeId, type, node: def, showNode: true } };
  });
  // Each model gets its question from the text before it.
  const edges = nodes.flatMap((node, index) => {
    const target = nodes[index + 2];
    if (node.data.type !== "TextInput" || target?.data.type !== "LanguageModelComponent") return [];
    const output = node.data.node.outputs[0];
    const field = target.data.node.template.input_value;
    const from = { dataType: node.data.type, id: node.id, name: output.name, output_types: output.types };
    const to = { fieldName: "input_value", id: target.id, inputTypes: field.input_types, type: field.type };
    const [sourceHandle, targetHandle] = [encode(from), encode(to)];
    const data = { sourceHandle: from, targetHandle: to };
    const edgeId = `xy-edge__${node.id}${sourceHandle}-${target.id}${targetHandle}`;
    return [{ id: edgeId, source: node.id, target: target.id, sourceHandle, targetHandle, data }];
  });
  const made = await page.request.post(`${base}/api/v1/flows/`, {
    data: { name: `Speed ${count} ${Date.now()}`, data: { nodes, edges }, description: "" },
  });
  return { id: (await made.json()).id, edges: edges.length };
}

/** Seconds from the address to a canvas with nodes that answers a frame without a long task before it. */
async function open(page, flowId) {
  const start = performance.now();
  await page.goto(`${base}/flow/${flowId}`, { waitUntil: "commit" });
  await page
    .waitForFunction(() => {
      const node = document.querySelector(".react-flow__node");
      return node !== null && getComputedStyle(node).visibility === "visible";
    })
    .catch(async (error) => {
      await page.screenshot({ path: `${out}failed-speed.png` });
      throw error;
    });
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 0))));
  return (performance.now() - start) / 1000;
}

async function calm(page) {
  await page.waitForLoadState("networkidle");
  await page.waitForTimeout(1500);
}

/** The long tasks while the pointer drags something, in milliseconds, and frames each second. */
async function drag(page, grip) {
  const from = await grip.boundingBox();
  await page.evaluate(() => {
    window.__tasks = [];
    window.__observer = new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) window.__tasks.push(Math.round(entry.duration));
    });
    window.__observer.observe({ type: "longtask" });
    window.__frames = 0;
    window.__isCounting = true;
    const tick = () => {
      window.__frames += 1;
      if (window.__isCounting) requestAnimationFrame(tick);
    };
    requestAnimationFrame(tick);
  });
  await page.mouse.move(from.x + from.width / 2, from.y + from.height / 2);
  await page.mouse.down();
  const start = performance.now();
  for (let step = 1; step <= 60; step += 1)
    await page.mouse.move(from.x + from.width / 2 + step * 3, from.y + from.height / 2 + step * 2);
  const seconds = (performance.now() - start) / 1000;
  const { tasks, frames } = await page.evaluate(() => {
    window.__isCounting = false;
    return { tasks: window.__tasks, frames: window.__frames };
  });
  await page.mouse.up();
  return { longest: Math.max(0, ...tasks), tasks, fps: Math.round(frames / seconds) };
}

const rows = [];
const { page, context, counts } = await newPage(browser);
await page.goto(`${base}/login`);
await page.fill("#login-username", admin.username);
await page.fill("#form-login-password", admin.password);
await page.getByRole("button", { name: "Sign In" }).click();
await page.locator(id("mainpage_title")).waitFor();

const small = await makeFlow(page, 4);
// A browser that has nothing of the editor yet but the sign-in.
const cold = await newPage(browser, { storageState: await context.storageState() });
rows.push({ what: "4 nodes, first visit", value: await open(cold.page, small.id), unit: "s", limit: limits.smallOpen });
await calm(cold.page);
const before = cold.counts.requests;
await cold.page.waitForTimeout(5000);
rows.push({ what: "idle editor, requests in 5 s", value: cold.counts.requests - before, unit: "", limit: 0 });
await cold.context.close();

const large = await makeFlow(page, Number(process.env.SPEED_NODES ?? 300));
rows.push({ what: "300 nodes open", value: await open(page, large.id), unit: "s", limit: limits.largeOpen });
await calm(page);
if (process.env.SPEED_PICTURE) await page.screenshot({ path: `${out}speed-far.png` });
const node = page.locator(".react-flow__node").nth(100);
const far = await drag(page, node);
rows.push({
  what: "300 nodes, drag of one, all in view",
  value: far.longest,
  unit: "ms",
  limit: limits.longestTask,
  note: `${far.fps} frames/s ${far.tasks}`,
});
await page.keyboard.press("Control+0");
await page.waitForTimeout(2500);
const sizes = counts.bytes;
const visible = page.locator('.react-flow__node [data-testid="div-generic-node"]');
const near = await drag(page, visible.first());
rows.push({
  what: "300 nodes, drag of one, near",
  value: near.longest,
  unit: "ms",
  limit: limits.longestTask,
  note: `${near.fps} frames/s ${near.tasks}`,
});
// The move is saved: what that moves is the change, or the flow without sources.
const [save] = await Promise.all([
  page.waitForRequest((request) => request.method() === "PATCH"),
  page.keyboard.press("Control+s"),
]).catch(() => []);
if (save)
  rows.push({
    what: "300 nodes, one save",
    value: Math.round((save.postData() ?? "").length / 1000),
    unit: "kB",
    limit: 100,
  });
void sizes;

await browser.close();
server.stop();
let failed = false;
for (const { what, value, unit, limit, note = "" } of rows) {
  const over = value > limit * (unit === "" ? 1 : slack);
  failed ||= over;
  const shown = unit === "s" ? value.toFixed(2) : String(value);
  console.log(
    `${over ? "OVER" : "ok  "} ${what.padEnd(38)} ${shown.padStart(7)} ${unit.padEnd(2)} limit ${limit} ${note}`,
  );
}
process.exit(failed ? 1 : 0);
