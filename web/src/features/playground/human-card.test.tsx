// @vitest-environment jsdom
import { cleanup, render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Question } from "@/flow/chat";
import type { HumanRequest } from "@/flow/waiting";
import { waiting } from "@/stores/waiting";
import { HumanCard } from "./human-card";

const request: HumanRequest = {
  id: "HumanInput-1:run",
  jobId: "job",
  nodeId: "HumanInput-1",
  prompt: "Send it?",
  choices: [
    { id: "approve", label: "Approve" },
    { id: "reject", label: "Reject" },
  ],
  timeoutSeconds: 0,
  fallback: undefined,
  askedAt: "",
};
const open: Question = { request, chosen: undefined, isSuperseded: false };

const onAnswer = vi.fn();
const onStopWaiting = vi.fn();

function show(question: Partial<Question> = {}, actions: object = { onAnswer, onStopWaiting }) {
  render(<HumanCard question={{ ...open, ...question }} session="s" {...actions} />);
}

const buttons = () => screen.getAllByRole("button").map((button) => [button.textContent, !button.matches(":disabled")]);
const all = [
  ["Stop the run", true],
  ["Approve", true],
  ["Reject", true],
];
const closed = [
  ["Approve", false],
  ["Reject", false],
];

beforeEach(() => waiting().clear());
afterEach(cleanup);

describe("a question in the chat", () => {
  it("offers its choices, and says which was taken", async () => {
    show();
    expect(await screen.findByText("Send it?")).toBeTruthy();
    expect(buttons()).toEqual(all);
    await userEvent.setup().click(screen.getByRole("button", { name: "Reject" }));
    expect(onAnswer.mock.lastCall).toMatchObject([{ id: request.id, jobId: "job", session: "s" }, "reject"]);
  });

  it("can be given up", async () => {
    show();
    await userEvent.setup().click(screen.getByRole("button", { name: "Stop the run" }));
    expect(onStopWaiting.mock.lastCall?.[0]).toMatchObject({ jobId: "job" });
  });

  it.each<[string, Partial<Question>, () => void, string]>([
    ["that was answered", { chosen: "reject" }, () => undefined, "Chosen: Reject"],
    ["whose time led to the fallback", { chosen: "fallback" }, () => undefined, "Chosen: fallback"],
    ["of a run that was stopped", { isSuperseded: true }, () => undefined, "The run was stopped"],
    [
      "that was answered on this page",
      {},
      () => waiting().settle(request.id, { kind: "answered", action: "approve" }),
      "Chosen: Approve",
    ],
    [
      "that somebody else answered",
      {},
      () => waiting().settle(request.id, { kind: "over", text: "Somebody has answered already." }),
      "Somebody has answered already.",
    ],
  ])("%s is closed, with a sentence", (_, question, happened, sentence) => {
    happened();
    show(question);
    expect(buttons()).toEqual(closed);
    expect(screen.getByRole("status").textContent).toContain(sentence);
  });

  it("is not clicked twice while its answer is on its way", () => {
    waiting().settle(request.id, { kind: "sending", action: "approve" });
    show();
    expect(buttons().map(([, isEnabled]) => isEnabled)).toEqual([false, false, false]);
    expect(screen.getByRole("button", { name: "Approve" }).getAttribute("aria-busy")).toBe("true");
  });

  it("says why an answer was refused, and takes another", () => {
    waiting().settle(request.id, { kind: "refused", text: "Choose another." });
    show();
    expect(screen.getByRole("alert").textContent).toBe("Choose another.");
    expect(buttons()).toEqual(all);
  });

  it("cannot be answered where nobody may", () => {
    show({}, {});
    expect(buttons()).toEqual(closed);
  });

  it.each([
    [3 * 86_400, "", "Answer within 3 days. After a later answer no branch runs."],
    [90 * 60, "", "Answer within 90 minutes."],
    [60, "2020-01-01T00:00:00Z", "The time for an answer ended"],
  ])("of %i seconds from %j says how long it may take", (timeoutSeconds, askedAt, sentence) => {
    waiting().add({ ...request, timeoutSeconds, askedAt, session: "s", since: 0 });
    show();
    expect(screen.getByText((text) => text.includes(sentence))).toBeTruthy();
  });
});
