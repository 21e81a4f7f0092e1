// Chromium, and a page that counts what it moves.
import { existsSync, mkdirSync } from "node:fs";
import { chromium } from "playwright-core";

export const out = new URL("./out/", import.meta.url).pathname;

const flags = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

const places = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

export async function launch() {
  const executablePath = process.env.CHROMIUM ?? places.find(existsSync);
  if (!executablePath) return undefined;
  mkdirSync(out, { recursive: true });
  return chromium.launch({ executablePath, args: flags });
}

/** A page with counters of requests and bytes, and a list of what it complained about. */
export async function newPage(browser, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...options });
  context.setDefaultTimeout(Number(process.env.E2E_TIMEOUT_MS ?? 15_000));
  const page = await context.newPage();
  const counts = { requests: 0, bytes: 0, foreign: [], complaints: [], clicks: 0 };
  const client = await context.newCDPSession(page);
  await client.send("Network.enable");
  // Seconds of the processor, not of the clock: figures do not depend on what else the machine does.
  await client.send("Performance.enable", { timeDomain: "threadTicks" });
  client.on("Network.requestWillBeSent", ({ request }) => {
    if (request.url.startsWith("data:") || request.url.startsWith("blob:")) return;
    counts.requests += 1;
    const host = new URL(request.url).hostname;
    if (host !== "127.0.0.1" && host !== "localhost") counts.foreign.push(request.url);
  });
  client.on("Network.loadingFinished", ({ encodedDataLength }) => {
    counts.bytes += encodedDataLength;
  });
  page.on("pageerror", (error) => counts.complaints.push(error.message));
  page.on("console", (message) => {
    // A refused sign-in is an answer, not a fault of the page.
    const isRefusal = /status of (400|401|403|404|409)/.test(message.text());
    if (message.type() === "error" && !isRefusal) counts.complaints.push(message.text());
  });
  await page.exposeFunction("__countClick", () => {
    counts.clicks += 1;
  });
  await page.addInitScript(() => {
    addEventListener("click", (event) => event.isTrusted && window.__countClick(), true);
  });
  return { context, page, counts, client };
}

/** Seconds of the browser's CPU that the page has used. */
export async function cpuSeconds(client) {
  const { metrics } = await client.send("Performance.getMetrics");
  return metrics.find((metric) => metric.name === "TaskDuration")?.value ?? 0;
}
