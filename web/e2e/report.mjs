// Performs steps one after the other and says of each what it took.
import { out } from "./browser.mjs";

/** Runs `steps` in `world`; `counts` of the page are read before and after each. Gives a line for each step. */
export async function perform(steps, world, only) {
  const results = [];
  for (const { name, needs, run } of steps) {
    if (only && !only.includes(name) && needs !== "always") continue;
    const before = { ...world.counts };
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
      await world.page.screenshot({ path: `${out}failed-${name.replaceAll(/\W+/g, "-")}.png` }).catch(() => undefined);
    }
    const result = {
      name,
      passed: !problem,
      seconds: Number(((performance.now() - start) / 1000).toFixed(2)),
      requests: world.counts.requests - before.requests,
      kilobytes: Math.round((world.counts.bytes - before.bytes) / 1000),
      clicks: world.counts.clicks - before.clicks,
      note: problem ?? note,
    };
    results.push(result);
    const figures = [
      `${String(result.seconds).padStart(6)} s`,
      `${String(result.requests).padStart(4)} requests`,
      `${String(result.kilobytes).padStart(6)} kB`,
      `${String(result.clicks).padStart(3)} clicks`,
    ];
    console.log(`${result.passed ? "ok  " : "FAIL"} ${name.padEnd(48)} ${figures.join(" ")}  ${result.note}`);
    if (problem && needs === "always") break;
  }
  return results;
}
