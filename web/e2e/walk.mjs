// A person's way through the editor, step by step, against a real server. Each step prints its seconds,
// requests, bytes and clicks; the run fails if one step does.
import { writeFileSync } from "node:fs";
import { launch, newPage, out } from "./browser.mjs";
import { perform } from "./report.mjs";
import { startServer } from "./server.mjs";
import { steps } from "./steps.mjs";

const server = await startServer();
const browser = server && (await launch());
if (!server || !browser) {
  console.log(
    server ? "skipped: no Chromium here (set CHROMIUM)" : "skipped: no server (set LANGFLOW_BIN or E2E_BASE_URL)",
  );
  server?.stop();
  process.exit(0);
}

const { page, counts, client, context } = await newPage(browser);
const world = { base: server.base, browser, page, counts, client, context };
const results = await perform(steps, world, process.env.E2E_ONLY?.split(";"));
if (counts.foreign.length > 0) console.log(`FAIL requests to other hosts: ${[...new Set(counts.foreign)].join(", ")}`);
if (counts.complaints.length > 0)
  console.log(`FAIL the page complained: ${[...new Set(counts.complaints)].join(" | ").slice(0, 1500)}`);
writeFileSync(
  `${out}walk.json`,
  JSON.stringify({ base: server.base, results, complaints: counts.complaints }, null, 2),
);
await browser.close();
server.stop();
const failed = results.filter((result) => !result.passed);
console.log(`${results.length - failed.length} of ${results.length} steps passed`);
process.exit(failed.length > 0 || counts.foreign.length > 0 || counts.complaints.length > 0 ? 1 : 0);
