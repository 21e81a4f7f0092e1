// Flows that ask a person: in the chat, at the node, after a reload, and when somebody else was faster.
import assert from "node:assert/strict";
import { id, open, state, tabTo } from "./editor-common.mjs";
import { makeAskingFlow } from "./flows.mjs";

const openCard = (page) => page.locator(`${id("human-input-card")}[data-open="true"]`);
const choice = (card, action) => card.locator(id(`human-choice-${action}`));
const messages = (page) => page.locator('article[data-testid^="chat-message-"]');
/** What the flow says, but for its questions. */
const answers = (page) => page.locator(`article[data-testid^="chat-message-AI-"]:not(:has(${id("human-input-card")}))`);

/** Asks in the playground, until the run asks back. */
async function ask(page, text, shown = text) {
  if ((await page.locator(id("input-chat-playground")).count()) === 0) await page.click(id("playground-btn-flow-io"));
  await page.fill(id("input-chat-playground"), text);
  await page.keyboard.press("Enter");
  const card = openCard(page);
  await card.getByText(shown).waitFor();
  return card;
}

const look = (page, nodeId) => page.locator(id(`${nodeId}-main-node`)).getAttribute("data-look");

async function pending(page, base, flowId) {
  const found = await (await page.request.get(`${base}/api/v2/workflows/pending?flow_id=${flowId}`)).json();
  assert.equal(found.length, 1);
  return found[0];
}

export const humanSteps = [
  {
    name: "a person is asked in the chat, and what they choose goes on",
    run: async ({ page, base }) => {
      const { flowId, human, rejected } = await makeAskingFlow(page, base, "Asking");
      await open(page, base, flowId);
      const card = await ask(page, "Send **it** now?", "Send it now?");
      assert.equal(await card.locator("strong").textContent(), "it");
      assert.equal(await look(page, human), "waiting");
      assert.equal(await page.locator(id("waiting-panel")).count(), 1);
      await choice(card, "approve").click();
      await page
        .locator(`${id("human-input-card")}[data-open="false"]`)
        .getByText("Chosen: Approve")
        .waitFor();
      await answers(page).getByText("Send it now?").waitFor();
      await page.waitForFunction(() => !document.querySelector('[data-testid="button-stop"]'));
      assert.equal(await look(page, rejected), "inactive");
      assert.equal(await page.locator(id("waiting-panel")).count(), 0);
    },
  },
  {
    name: "a run that waits outlasts the page, and is answered after a reload",
    run: async ({ page, base }) => {
      const { flowId, human, rejected } = await makeAskingFlow(page, base, "Asking for long");
      await open(page, base, flowId);
      await ask(page, "And after a reload?");
      await page.reload();
      await page.locator(id("waiting-panel")).getByText("And after a reload?").waitFor();
      assert.equal(await look(page, human), "waiting");
      await page.click(id("playground-btn-flow-io"));
      const card = openCard(page);
      await choice(card, "reject").click();
      await page.getByText("Chosen: Reject").waitFor();
      await page.waitForFunction(
        (wanted) => document.querySelector(wanted)?.getAttribute("data-look") === "success",
        id(`${rejected}-main-node`),
      );
      // Nothing is said twice: our text, the question, the answer.
      await page.waitForFunction(() => !document.querySelector('[data-testid="button-stop"]'));
      assert.equal(await messages(page).count(), 3);
      await page.reload();
      await page.click(id("playground-btn-flow-io"));
      await page.getByText("Chosen: Reject").waitFor();
      assert.equal(await openCard(page).count(), 0);
      assert.equal(await messages(page).count(), 3);
    },
  },
  {
    name: "by keyboard alone: run the canvas, go to the question, choose",
    run: async ({ page, base }) => {
      const { flowId, human, approved } = await makeAskingFlow(page, base, "Asking by keys");
      await open(page, base, flowId);
      await tabTo(page, /^run-flow-button$/);
      await page.keyboard.press("Enter");
      await page.locator(id("run-waiting-banner")).waitFor();
      await tabTo(page, /^show-waiting$/);
      await page.keyboard.press("Enter");
      await page.waitForFunction(() => document.activeElement?.getAttribute("data-testid") === "human-choice-approve");
      await page.keyboard.press("Enter");
      await page.waitForFunction(
        (wanted) => document.querySelector(wanted)?.getAttribute("data-look") === "success",
        id(`${approved}-main-node`),
      );
      assert.notEqual(await look(page, human), "waiting");
      assert.equal(await page.locator(id("run-waiting-banner")).count(), 0);
    },
  },
  {
    name: "somebody else answers first: this page is told, and goes on",
    run: async ({ page, base }) => {
      const { flowId } = await makeAskingFlow(page, base, "Asking two");
      await open(page, base, flowId);
      await ask(page, "Who is first?");
      const { job_id, request_id } = await pending(page, base, flowId);
      const data = { request_id, decision: { action_id: "approve" } };
      const taken = await page.request.post(`${base}/api/v2/workflows/${job_id}/resume`, { data });
      assert.equal(taken.status(), 200);
      await page.getByText("Chosen: Approve").waitFor();
      await answers(page).getByText("Who is first?").waitFor();
    },
  },
  {
    name: "a run is stopped while it waits",
    run: async ({ page, base }) => {
      const { flowId } = await makeAskingFlow(page, base, "Asking in vain");
      await open(page, base, flowId);
      const card = await ask(page, "Never mind?");
      await card.locator(id("human-stop")).click();
      await page.getByText("The run was stopped before anybody answered.").first().waitFor();
      await page.reload();
      await page.click(id("playground-btn-flow-io"));
      await page.getByText("The run was stopped before anybody answered.").first().waitFor();
      assert.equal(await page.locator(id("waiting-panel")).count(), 0);
    },
  },
  {
    name: "choices are outputs: one more, and one that goes takes its edge along",
    run: async ({ page, base }) => {
      const { flowId, human } = await makeAskingFlow(page, base, "Choices");
      await open(page, base, flowId);
      const node = page.locator(id(`${human}-main-node`));
      const outputs = () => node.locator(".flow-handle.source").count();
      assert.equal(await outputs(), 2);
      await node.locator(id("actionpicker_decisions")).fill("Ask Legal");
      await page.keyboard.press("Enter");
      await node.locator(id("handle-humaninput-shownode-ask legal-right")).waitFor();
      assert.equal(await outputs(), 3);
      await node.getByRole("button", { name: "Remove Reject" }).click();
      await node.locator(id("handle-humaninput-shownode-reject-right")).waitFor({ state: "detached" });
      await page.waitForFunction(() => document.querySelectorAll(".react-flow__edge").length === 2);
      await page.keyboard.press("Control+s");
      await state(page, "saved");
      await page.reload();
      await node.waitFor();
      assert.deepEqual(await node.locator('[data-testid^="action-"]:is(li)').allTextContents(), [
        "Approve",
        "Ask Legal",
      ]);
    },
  },
];
