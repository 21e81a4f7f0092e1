import { describe, expect, it, test } from "vitest";
import type { FlowDocument } from "./document";
import { connect } from "./ops";
import { component, ends, field, grouped, node, output } from "./testing";
import { deadlineOf, hasHumanInput, readRequest, waitsForPeople } from "./waiting";

const def = component({ input: field({ input_types: ["Message"] }) }, [output("out", ["Message"])]);

/** Chat Input → Human Input → Output, joined as far as wanted. */
function flow(edges: [string, string][]): FlowDocument {
  const nodes = ["ChatInput-1", "HumanInput-1", "ChatOutput-1"].map((id, index) => node(id, def, index * 400));
  return edges.reduce((document, [from, to]) => connect(document, ends(document, from, "out", to, "input")), {
    nodes,
    edges: [],
  } as FlowDocument);
}

const into: [string, string] = ["ChatInput-1", "HumanInput-1"];
const out: [string, string] = ["HumanInput-1", "ChatOutput-1"];

test.each<[string, FlowDocument, boolean, boolean]>([
  ["with what asks, and what follows", flow([into, out]), true, true],
  ["where nothing follows", flow([into]), true, false],
  ["without what asks", { nodes: [node("ChatInput-1", def)], edges: [] }, false, false],
])("a flow %s", (_, document, asks, waits) => {
  expect([hasHumanInput(document), waitsForPeople(document)]).toEqual([asks, waits]);
});

test("what asks is found inside of groups", () => {
  const nodes = ["S-1", "HumanInput-1", "B-1", "E-1"].map((id, index) => node(id, def, index * 400));
  const chain: [string, string][] = [
    ["S-1", "HumanInput-1"],
    ["HumanInput-1", "B-1"],
    ["B-1", "E-1"],
  ];
  const document = chain.reduce((made, [from, to]) => connect(made, ends(made, from, "out", to, "input")), {
    nodes,
    edges: [],
  } as FlowDocument);
  const { document: once, id } = grouped(document, ["HumanInput-1", "B-1"]);
  expect(once.nodes.map((one) => one.data.type)).not.toContain("HumanInput");
  expect([hasHumanInput(once), waitsForPeople(once)]).toEqual([true, true]);
  const twice = grouped(once, [id, "S-1"]).document;
  expect([hasHumanInput(twice), waitsForPeople(twice)]).toEqual([true, true]);
});

describe("a request", () => {
  const told = {
    request_id: "HumanInput-1:run",
    kind: "node_input",
    prompt: "Send it?",
    options: [
      { action_id: "approve", label: "Approve" },
      { action_id: "later", label: "" },
      { action_id: "gone", label: "Gone" },
      "nonsense",
    ],
    allowed_decisions: ["approve", "later", "fallback"],
    timeout_seconds: 60,
    fallback_action: "fallback",
    paused_at: "2026-11-30T12:00:00+00:00",
    job_id: "job",
  };

  it("offers what is allowed of its options, and the fallback only where it is one of them", () => {
    expect(readRequest(told)).toEqual({
      id: "HumanInput-1:run",
      jobId: "job",
      nodeId: "HumanInput-1",
      prompt: "Send it?",
      choices: [
        { id: "approve", label: "Approve" },
        { id: "later", label: "later" },
      ],
      timeoutSeconds: 60,
      fallback: "fallback",
      askedAt: "2026-11-30T12:00:00+00:00",
    });
  });

  it("is one of its node, also where that asks again", () => {
    const ids = ["HumanInput-1:run", "HumanInput-1:run:2", "HumanInput-1"];
    expect(ids.map((request_id) => readRequest({ request_id })?.nodeId)).toEqual(ids.map(() => "HumanInput-1"));
  });

  it("without a job is one of the job that told it", () => {
    expect(readRequest({ ...told, job_id: undefined }, "mine")?.jobId).toBe("mine");
  });

  it.each([undefined, null, 1, [], {}, { request_id: "" }])("%j is none", (value) =>
    expect(readRequest(value)).toBeUndefined(),
  );

  it("has a time until which it is to be answered, or none", () => {
    const end = (change: object) => {
      const request = readRequest({ ...told, ...change });
      return request && deadlineOf(request);
    };
    expect(end({})).toBe(Date.UTC(2026, 10, 30, 12, 1));
    expect(end({ timeout_seconds: 0 })).toBeUndefined();
    expect(end({ paused_at: undefined })).toBeUndefined();
  });
});
