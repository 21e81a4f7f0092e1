// How fast flows open and follow the pointer, on the real server. Each figure has seconds on the clock and seconds
// of the browser's CPU: where others use the machine too, the clock says nothing, so a limit counts as kept when one
// of the two keeps it, and SPEED_SLACK (1.5) widens those of time. SPEED_NODES changes the size of the large flow.
import { readFileSync } from "node:fs";
import { launch, newPage, out } from "./browser.mjs";
import { admin, startServer } from "./server.mjs";

const slack = Number(process.env.SPEED_SLACK ?? 1.5);
const limits = { smallOpen: 1, largeOpen: 2, longestTask: 50, save: 100 };
/** Milliseconds of CPU that `measureProcessor` takes where the limits were set. */
const usualProcessor = 95;
const id = (name) => `[data-testid="${name}"]`;

const server = await startServer();
const browser = server && (await launch());
if (!server || !browser) {
  console.log("skipped: no server or no Chromium here");
  server?.stop();
  process.exit(0);
}
const { base } = server;
const devtools = await browser.newBrowserCDPSession();

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

/** Seconds of CPU of all processes that draw pages. */
async function rendererSeconds() {
  const { processInfo } = await devtools.send("SystemInfo.getProcessInfo");
  return processInfo.filter(({ type }) => type === "renderer").reduce((sum, { cpuTime }) => sum + cpuTime, 0);
}

/** How many times as long as usual this machine takes for a fixed piece of work; at least 1. */
async function measureProcessor() {
  const { page, context } = await newPage(browser);
  const work = () => {
    const rows = Array.from({ length: 20_000 }, (_, at) => ({ at, text: `row ${(at * 7919) % 20_000}` }));
    const again = JSON.parse(JSON.stringify(rows)).sort((a, b) => (a.text < b.text ? -1 : 1));
    const table = document.createElement("div");
    for (const { text } of again.slice(0, 2000))
      table.append(Object.assign(document.createElement("p"), { textContent: text }));
    document.body.replaceChildren(table);
    return table.offsetHeight;
  };
  const times = [];
  for (let turn = 0; turn < 7; turn += 1) {
    const before = await rendererSeconds();
    await page.evaluate(work);
    times.push((await rendererSeconds()) - before);
  }
  await context.close();
  const median = times.sort((a, b) => a - b)[3] * 1000;
  console.log(`processor: ${median.toFixed(0)} ms, usually ${usualProcessor} ms`);
  return Math.max(1, median / usualProcessor);
}

/** From the address to a canvas with nodes that answers, in seconds on the clock and of CPU. */
async function open(page, flowId) {
  const before = await rendererSeconds();
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
  return { clock: (performance.now() - start) / 1000, cpu: (await rendererSeconds()) - before };
}

async function calm(page) {
  await page.waitForLoadState("networkidle");
  await page.waitForTimeout(1500);
}

/** The longest task of the page's main thread while the pointer drags something, in milliseconds. */
async function drag(page, grip) {
  const from = await grip.boundingBox();
  const middle = { x: from.x + from.width / 2, y: from.y + from.height / 2 };
  const path = `${out}speed-trace.json`;
  await browser.startTracing(page, {
    path,
    categories: ["devtools.timeline", "disabled-by-default-devtools.timeline"],
  });
  await page.mouse.move(middle.x, middle.y);
  await page.mouse.down();
  for (let step = 1; step <= 60; step += 1) await page.mouse.move(middle.x + step * 3, middle.y + step * 2);
  await page.mouse.up();
  await browser.stopTracing();
  const { traceEvents } = JSON.parse(readFileSync(path, "utf8"));
  const isMain = new Set(
    traceEvents
      .filter(({ name, args }) => name === "thread_name" && args.name === "CrRendererMain")
      .map(({ pid, tid }) => `${pid} ${tid}`),
  );
  const tasks = traceEvents.filter(
    ({ name, pid, tid, dur }) => name === "RunTask" && dur && isMain.has(`${pid} ${tid}`),
  );
  const longest = (key) => Math.max(0, ...tasks.map((task) => task[key] ?? 0)) / 1000;
  return { clock: longest("dur"), cpu: longest("tdur") };
}

const slower = await measureProcessor();
const rows = [];
const { page, context } = await newPage(browser);
await page.goto(`${base}/login`);
await page.fill("#login-username", admin.username);
await page.fill("#form-login-password", admin.password);
await page.getByRole("button", { name: "Sign In" }).click();
await page.locator(id("mainpage_title")).waitFor();

const small = await makeFlow(page, 4);
// A browser that has nothing of the editor yet but the sign-in.
const cold = await newPage(browser, { storageState: await context.storageState() });
rows.push({ what: "4 nodes, first visit", unit: "s", limit: limits.smallOpen, ...(await open(cold.page, small.id)) });
await calm(cold.page);
const before = cold.counts.requests;
await cold.page.waitForTimeout(5000);
rows.push({ what: "idle editor, requests in 5 s", unit: "", limit: 0, clock: cold.counts.requests - before });
await cold.context.close();

const count = Number(process.env.SPEED_NODES ?? 300);
const large = await makeFlow(page, count);
rows.push({ what: `${count} nodes, open`, unit: "s", limit: limits.largeOpen, ...(await open(page, large.id)) });
await calm(page);
const drags = { unit: "ms", limit: limits.longestTask };
const one = page.locator(".react-flow__node").nth(100);
rows.push({ what: `${count} nodes, drag one, all in view`, ...drags, ...(await drag(page, one)) });
await page.keyboard.press("Control+0");
await page.waitForTimeout(500);
await page.keyboard.press("Control+-");
await page.waitForTimeout(500);
await page.keyboard.press("Control+-");
await calm(page);
// One that lies free in the middle of the view: others are under the panels around it.
const seen = await page.locator('.react-flow__node [data-testid="div-generic-node"]').all();
const boxes = await Promise.all(seen.map((head) => head.boundingBox()));
const isFree = (box) => box && box.x > 300 && box.y > 100 && box.x + box.width < 1300 && box.y < 740;
const head = seen[boxes.findIndex(isFree)];
const [save, near] = await Promise.all([
  page.waitForRequest((request) => request.method() === "PATCH" && (request.postData() ?? "").includes('"position"')),
  drag(page, head),
]);
rows.push({ what: `${count} nodes, drag one, near`, ...drags, ...near });
rows.push({ what: "saving that drag", unit: "kB", limit: limits.save, clock: (save.postData() ?? "").length / 1000 });

await browser.close();
server.stop();
let failed = false;
console.log(`${" ".repeat(44)}  clock      cpu    limit`);
for (const { what, clock, cpu, unit, limit } of rows) {
  const isTime = cpu !== undefined;
  const isOver = Math.min(clock, cpu ?? clock) > limit * (isTime ? slack * slower : 1);
  failed ||= isOver;
  const figure = (value) => (value === undefined ? "" : value.toFixed(unit === "s" ? 2 : 0)).padStart(8);
  console.log(
    `${isOver ? "OVER" : "ok  "} ${what.padEnd(36)} ${figure(clock)} ${figure(cpu)} ${figure(limit)} ${unit}`,
  );
}
process.exit(failed ? 1 : 0);
