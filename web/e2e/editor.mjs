// The editor: by keyboard alone, and when things go wrong.
import { launch, newPage } from "./browser.mjs";
import { editorSteps } from "./editor-steps.mjs";
import { troubleSteps } from "./editor-trouble-steps.mjs";
import { humanSteps } from "./human-steps.mjs";
import { perform } from "./report.mjs";
import { startServer } from "./server.mjs";

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
const results = await perform(
  [...editorSteps, ...humanSteps, ...troubleSteps],
  world,
  process.env.E2E_ONLY?.split(";"),
);
await browser.close();
server.stop();
const failed = results.filter((result) => !result.passed);
console.log(`${results.length - failed.length} of ${results.length} steps passed`);
process.exit(failed.length > 0 ? 1 : 0);
