// Prints what the pages move, brotli and gzip, from the built files, and, where there is a server and a browser, what
// the login page takes of both; fails over the budgets.
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { cpuSeconds, launch, newPage } from "../e2e/browser.mjs";
import { startServer } from "../e2e/server.mjs";

const dist = new URL("../dist/", import.meta.url).pathname;
const assets = join(dist, "static");
const names = readdirSync(assets).filter((name) => /\.(js|css)$/.test(name));
const size = (name, suffix) => {
  try {
    return statSync(join(assets, name + suffix)).size;
  } catch {
    return statSync(join(assets, name)).size;
  }
};

/** A file and what it imports, statically. */
function closure(starts) {
  const found = new Set();
  const open = [...starts];
  for (let name = open.pop(); name; name = open.pop()) {
    if (found.has(name)) continue;
    found.add(name);
    if (!name.endsWith(".js")) continue;
    const text = readFileSync(join(assets, name), "utf8");
    for (const [, other] of text.matchAll(/(?:from|import)\s*"\.\/([^"]+)"/g)) open.push(other);
  }
  return found;
}

const pick = (prefix) => names.filter((name) => name.startsWith(`${prefix}-`));
const index = readFileSync(join(dist, "index.html"), "utf8");
const entry = [...index.matchAll(/static\/([^"]+)"/g)].map((match) => match[1]);
const pages = {
  login: { starts: [...entry, ...pick("login-app")], limit: 100 },
  home: { starts: [...entry, ...pick("app"), ...pick("shell"), ...pick("home")], limit: 250 },
  editor: { starts: [...entry, ...pick("app"), ...pick("flow")], limit: 350 },
};
let failed = false;
for (const [page, { starts, limit }] of Object.entries(pages)) {
  const files = [...closure(starts)];
  const sum = (suffix) => files.reduce((total, name) => total + size(name, suffix), 0) / 1000;
  const over = sum(".gz") > limit;
  failed ||= over;
  console.log(
    `${page.padEnd(8)} ${sum(".br").toFixed(1).padStart(7)} kB br ${sum(".gz").toFixed(1).padStart(7)} kB gzip, ${files.length} files, limit ${limit} kB${over ? "  OVER" : ""}`,
  );
}

const server = await startServer();
const browser = server && (await launch());
if (server && browser) {
  const { page, counts, client } = await newPage(browser);
  await page.goto(`${server.base}/login`);
  await page.waitForSelector("#login-username");
  const cpu = await cpuSeconds(client);
  const over = counts.bytes > 100_000 || cpu > 0.3;
  failed ||= over;
  console.log(
    `login, in Chromium: ${(counts.bytes / 1000).toFixed(1)} kB moved in ${counts.requests} requests, ${cpu.toFixed(2)} s CPU; limits 100 kB, 0.3 s${over ? "  OVER" : ""}`,
  );
  await browser.close();
} else {
  console.log("login, in Chromium: skipped (set LANGFLOW_BIN, CHROMIUM)");
}
server?.stop();
process.exitCode = failed ? 1 : 0;
