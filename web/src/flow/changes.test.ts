import { describe, expect, it } from "vitest";
import { graphChanges } from "./changes";
import { type FlowDocument, fieldOf } from "./document";
import { moveNodes, removeItems, setField } from "./ops";
import { component, field, joined, node } from "./testing";

const viewport = { x: 0, y: 0, zoom: 1 };
const ids = (items: unknown[]) => items.map((item) => (item as { id: string }).id);

describe("what a save sends", () => {
  const base = joined();
  const cases: [string, FlowDocument, { nodes?: string[]; edges?: number; gone?: string[]; goneEdges?: number }][] = [
    ["nothing for an untouched flow", base, {}],
    ["only the moved node", moveNodes(base, new Map([["A-1", { x: 9, y: 9 }]])), { nodes: ["A-1"] }],
    ["only the node whose field changed", setField(base, "B-1", "input", { value: "x" }), { nodes: ["B-1"] }],
    ["the names of what is gone", removeItems(base, new Set(["A-1"]), new Set()), { gone: ["A-1"], goneEdges: 1 }],
    [
      "nothing for a selection",
      { ...base, nodes: base.nodes.map((item) => ({ ...item, selected: true, measured: { width: 1, height: 1 } })) },
      {},
    ],
  ];
  it.each(cases)("%s", (_, document, expected) => {
    const changes = graphChanges(base, document, viewport);
    expect(ids(changes.nodes)).toEqual(expected.nodes ?? []);
    expect(changes.edges).toHaveLength(expected.edges ?? 0);
    expect(changes.removed_nodes).toEqual(expected.gone ?? []);
    expect(changes.removed_edges).toHaveLength(expected.goneEdges ?? 0);
  });

  it("leaves out the source of a component unless it changed", () => {
    const def = component({ code: field({ type: "code", value: "print(1)" }), text: field() }, []);
    const before: FlowDocument = { nodes: [node("C-1", def)], edges: [] };
    const sent = (document: FlowDocument) =>
      (graphChanges(before, document, viewport).nodes[0] as FlowDocument["nodes"][number]).data.node;
    const typed = sent(setField(before, "C-1", "text", { value: "hello" }));
    expect(fieldOf(typed, "code")).not.toHaveProperty("value");
    expect(fieldOf(typed, "text")?.value).toBe("hello");
    const coded = sent(setField(before, "C-1", "code", { value: "print(2)" }));
    expect(fieldOf(coded, "code")?.value).toBe("print(2)");
  });
});
