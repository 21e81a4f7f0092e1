// What the steps of the editor have in common.
import assert from "node:assert/strict";
import { admin } from "./server.mjs";

export const id = (name) => `[data-testid="${name}"]`;
export const state = (page, kind) => page.waitForSelector(`${id("save-state")}[data-state="${kind}"]`);
/** What one step leaves for the next. */
export const shared = {};

export async function signIn(page, base) {
  await page.goto(`${base}/login`);
  await page.fill("#login-username", admin.username);
  await page.fill("#form-login-password", admin.password);
  await page.getByRole("button", { name: "Sign In" }).click();
  await page.locator(id("mainpage_title")).waitFor();
}

/** Catalogue entries by type. */
export async function catalogueOf(page, base) {
  const groups = await (await page.request.get(`${base}/api/v1/all`)).json();
  return new Map(Object.values(groups).flatMap((group) => Object.entries(group)));
}

export const nodeOf = (type, nodeId, def, x, y) => ({
  id: nodeId,
  type: "genericNode",
  position: { x, y },
  data: { id: nodeId, type, node: def, showNode: true },
});

export async function makeFlow(page, base, name, nodes, edges = []) {
  const made = await page.request.post(`${base}/api/v1/flows/`, { data: { name, data: { nodes, edges } } });
  assert.equal(made.status(), 201);
  return (await made.json()).id;
}

export async function open(page, base, flowId, sign = ".react-flow__node") {
  await page.goto(`${base}/flow/${flowId}`);
  await page.waitForSelector(sign);
}

/** Tabs until an element with this test id has the focus. */
export async function tabTo(page, wanted, limit = 150) {
  for (let presses = 0; presses < limit; presses += 1) {
    const found = await page.evaluate(() => document.activeElement?.getAttribute("data-testid") ?? "");
    if (wanted.test(found)) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`the keyboard does not reach ${wanted}`);
}

export const nothingLost = (page, count) =>
  page.waitForFunction((n) => document.querySelectorAll(".react-flow__node").length === n, count);
export const said = (page, text) => page.getByText(text).first().waitFor();
