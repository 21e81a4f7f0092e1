// The browser walk of both editors: one person's way through the pages, by element ids that this editor and Langflow's
// share, so that both are measured alike. COMPARE_BASE_URL and COMPARE_USERNAME/COMPARE_PASSWORD name a running
// Langflow; without them only this server is driven. Both need a model that answers: MODEL_PORT says where the one of
// this walk listens, and the other server is started with OPENAI_BASE_URL=http://127.0.0.1:<port>/v1 and the key of
// `model.mjs`. REFERENCE_UI (the web interface of a Langflow) has that driven on this program instead, to try the steps.
// Writes out/compare.md.
import { writeFileSync } from "node:fs";
import { launch, newPage, out } from "./browser.mjs";
import { compareSteps } from "./compare-steps.mjs";
import { goodKey, startModel } from "./model.mjs";
import { perform } from "./report.mjs";
import { admin, startServer } from "./server.mjs";

const settings = (model) => ({
  OPENAI_API_KEY: goodKey,
  OPENAI_BASE_URL: model.url,
  LANGFLOW_SSRF_ALLOWED_HOSTS: "127.0.0.1",
});

/** A step that this side has no page for says so, and is not driven. */
const absentStep = (step) => ({ ...step, run: async () => `absent: ${step.absent}` });

async function drive(browser, base, user, isOther) {
  const opened = await newPage(browser, { acceptDownloads: true });
  console.log(base);
  const steps = compareSteps.map((step) => (isOther && step.absent ? absentStep(step) : step));
  // A flow of an earlier run, where only some steps are driven again.
  const again = process.env.COMPARE_FLOW;
  const world = { ...opened, base, user, browser, isOther, template: again, isAgain: again !== undefined };
  const results = await perform(steps, world, process.env.ONLY?.split(";"));
  await opened.context.close();
  return results;
}

const model = await startModel(Number(process.env.MODEL_PORT ?? 0));
const server = await startServer({ settings: settings(model) });
const browser = server && (await launch());
if (!server || !browser) {
  console.log("skipped: no server or no Chromium here");
  server?.stop();
  model.stop();
  process.exit(0);
}
const ours = process.env.COMPARE_ONLY_OTHER ? [] : await drive(browser, server.base, admin, false);
server.stop();

async function driveOther() {
  if (process.env.COMPARE_BASE_URL) {
    const user = { username: process.env.COMPARE_USERNAME, password: process.env.COMPARE_PASSWORD };
    return drive(browser, process.env.COMPARE_BASE_URL, user, true);
  }
  if (!process.env.REFERENCE_UI) return [];
  const trial = await startServer({
    settings: { ...settings(model), LANGFLOW_FRONTEND_PATH: process.env.REFERENCE_UI },
  });
  const results = await drive(browser, trial.base, admin, true);
  trial.stop();
  return results;
}

const other = await driveOther();
await browser.close();
model.stop();

const cell = (result) => {
  if (!result) return "–";
  if (!result.passed) return "could not be driven";
  if (result.note.startsWith("absent: ") && result.requests === 0) return result.note;
  const figures = `${result.requests} requests, ${result.kilobytes} kB, ${result.clicks} clicks, ${result.seconds} s`;
  return result.note ? `${figures} (${result.note})` : figures;
};
const named = ours.length > 0 ? ours : other;
const rows = named.map(({ name }) => {
  const [here, there] = [ours, other].map((results) => results.find((candidate) => candidate.name === name));
  return `| ${name} | ${cell(here)} | ${cell(there)} |`;
});
writeFileSync(`${out}compare.md`, ["| step | langflow-rs | Langflow |", "|---|---|---|", ...rows, ""].join("\n"));
process.exit([...ours, ...(process.env.COMPARE_BASE_URL ? [] : other)].every((result) => result.passed) ? 0 : 1);
