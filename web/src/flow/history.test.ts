import { describe, expect, it } from "vitest";
import type { FlowDocument } from "./document";
import { diff, emptyHistory, type History, record, redo, undo } from "./history";
import { differences, merge } from "./merge";
import { addNode, removeItems, setField, updateNode } from "./ops";
import { component, joined, pair } from "./testing";

function step(document: FlowDocument, history: History, next: FlowDocument, kind?: string, at = 0) {
  const delta = diff(document, next, kind, at);
  if (!delta) throw new Error("nothing changed");
  return record(history, delta);
}

describe("history", () => {
  const steps: [string, (document: FlowDocument) => FlowDocument][] = [
    ["a value", (document) => setField(document, "A-1", "text", { value: "x" })],
    ["a new node", (document) => addNode(document, "C", component({}, []), { x: 9, y: 9 }).document],
    ["a removed node with its edge", (document) => removeItems(document, new Set(["A-1"]), new Set())],
  ];
  it.each(steps)("takes %s back and brings it again", (_, act) => {
    const start = joined();
    const next = act(start);
    const back = undo(next, step(start, emptyHistory, next));
    expect(sorted(back?.document)).toEqual(sorted(start));
    const forth = back && redo(back.document, back.history);
    expect(sorted(forth?.document)).toEqual(sorted(next));
  });

  it("sees no change in a selection or a measured size", () => {
    const start = pair();
    const selected = updateNode(start, "A-1", (node) => ({ ...node, selected: true, measured: { width: 5 } }));
    expect(diff(start, selected, undefined, 0)).toBeUndefined();
  });

  it("joins quick steps of one kind, and only those", () => {
    const zero = pair();
    const one = setField(zero, "A-1", "text", { value: "a" });
    const two = setField(one, "A-1", "text", { value: "ab" });
    const three = setField(two, "A-1", "text", { value: "abc" });
    let history = step(zero, emptyHistory, one, "typing", 0);
    history = step(one, history, two, "typing", 500);
    expect(history.past).toHaveLength(1);
    history = step(two, history, three, "typing", 5000);
    expect(history.past).toHaveLength(2);
    const back = undo(three, history);
    expect(back && undo(back.document, back.history)?.document).toEqual(zero);
  });

  it("forgets what was undone once something new is done", () => {
    const zero = pair();
    const one = setField(zero, "A-1", "text", { value: "a" });
    const back = undo(one, step(zero, emptyHistory, one));
    if (!back) throw new Error("no step");
    const other = setField(back.document, "A-1", "text", { value: "b" });
    expect(step(back.document, back.history, other).future).toEqual([]);
    expect(undo(zero, emptyHistory)).toBeUndefined();
  });
});

function sorted(document: FlowDocument | undefined) {
  const byId = (a: { id: string }, b: { id: string }) => a.id.localeCompare(b.id);
  return document && { nodes: document.nodes.toSorted(byId), edges: document.edges.toSorted(byId) };
}

describe("merging", () => {
  const base = joined();
  const mine = setField(base, "A-1", "text", { value: "mine" });
  const theirs = removeItems(
    setField(base, "B-1", "input", { value: "theirs" }),
    new Set(),
    new Set(base.edges.map((edge) => edge.id)),
  );

  it("tells what each side did", () => {
    expect(differences(base, mine)).toEqual([{ id: "node:A-1", kind: "changed", label: "A-1" }]);
    expect(differences(base, theirs).map(({ kind, label }) => [kind, label])).toEqual([
      ["changed", "B-1"],
      ["removed", "A-1 → B-1"],
    ]);
    expect(differences(base, base)).toEqual([]);
  });

  it("keeps theirs and puts the chosen changes of mine on top", () => {
    const all = merge(base, mine, theirs, new Set(["node:A-1"]));
    expect(all.nodes[0]?.data.node.template.text).toMatchObject({ value: "mine" });
    expect(all.nodes[1]?.data.node.template.input).toMatchObject({ value: "theirs" });
    expect(all.edges).toEqual([]);
    expect(merge(base, mine, theirs, new Set())).toEqual(theirs);
  });

  it("keeps no edge whose node one side removed", () => {
    const gone = removeItems(base, new Set(["B-1"]), new Set());
    expect(merge(base, mine, gone, new Set(["node:A-1"])).edges).toEqual([]);
  });
});
