// Runs steps against a real server. Each prints its seconds, requests, bytes and clicks; the run fails if one does.
import { writeFileSync } from "node:fs";
import { launch, newPage, out } from "./browser.mjs";
import { startServer } from "./server.mjs";

/** Steps have a `name`, `run(world)` and `needs: "always"` where later ones build on them. */
export async function runSteps(steps, title) {
  const server = await startServer();
  const browser = server && (await launch());
  if (!server || !browser) {
    console.log(
      server ? "skipped: no Chromium here (set CHROMIUM)" : "skipped: no server (set LANGFLOW_BIN or E2E_BASE_URL)",
    );
    server?.stop();
    process.exit(0);
  }

  const results = [];
  const { page, counts, client, context } = await newPage(browser);
  const world = { base: server.base, browser, page, counts, client, context };
  const only = process.env.E2E_ONLY?.split(",");
  for (const { name, needs, run } of steps) {
    if (only && !only.includes(name) && needs !== "always") continue;
    const before = { ...counts };
    const start = performance.now();
    let problem;
    let note = "";
    try {
      note = (await run(world)) ?? "";
    } catch (error) {
      problem = String(error.message ?? error)
        .split("\n")
        .slice(0, 4)
        .join(" ");
      await page.screenshot({ path: `${out}failed-${name.replaceAll(/\W+/g, "-")}.png` }).catch(() => undefined);
    }
    const result = {
      name,
      passed: !problem,
      seconds: Number(((performance.now() - start) / 1000).toFixed(2)),
      requests: counts.requests - before.requests,
      kilobytes: Math.round((counts.bytes - before.bytes) / 1000),
      clicks: counts.clicks - before.clicks,
      note: problem ?? note,
    };
    results.push(result);
    console.log(
      `${result.passed ? "ok  " : "FAIL"} ${name.padEnd(44)} ${String(result.seconds).padStart(6)} s ${String(result.requests).padStart(4)} requests ${String(result.kilobytes).padStart(6)} kB ${String(result.clicks).padStart(3)} clicks  ${result.note}`,
    );
    if (problem && needs === "always") break;
  }
  if (counts.foreign.length > 0)
    console.log(`FAIL requests to other hosts: ${[...new Set(counts.foreign)].join(", ")}`);
  if (counts.complaints.length > 0)
    console.log(`FAIL the page complained: ${[...new Set(counts.complaints)].join(" | ").slice(0, 1500)}`);
  writeFileSync(
    `${out}${title}.json`,
    JSON.stringify({ base: server.base, results, complaints: counts.complaints }, null, 2),
  );
  await browser.close();
  server.stop();
  const failed = results.filter((result) => !result.passed);
  console.log(`${results.length - failed.length} of ${results.length} steps passed`);
  process.exit(failed.length > 0 || counts.foreign.length > 0 || counts.complaints.length > 0 ? 1 : 0);
}
