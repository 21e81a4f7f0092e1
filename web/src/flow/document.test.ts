import { describe, expect, it } from "vitest";
import { readGraph } from "./document";

const nodeWith = (def: unknown) => ({ id: "A-1", data: { type: "A", node: def } });

describe("a stored graph with broken parts", () => {
  const cases: [string, Record<string, unknown>, Record<string, unknown>][] = [
    ["an order that is no list", { field_order: "none" }, { field_order: [] }],
    ["outputs that are no list", { outputs: { no: "list" } }, { outputs: [] }],
    [
      "one output without types",
      { outputs: [{ name: "a" }, { name: "b", types: ["Message"] }] },
      { outputs: [{ name: "b", types: ["Message"] }] },
    ],
    ["a name that is no text", { display_name: 7 }, { display_name: "7" }],
    ["a template that is no object", { template: [1] }, { template: {} }],
    ["nothing broken", { field_order: ["a"], icon: null, own: { key: 1 } }, { field_order: ["a"], own: { key: 1 } }],
  ];
  it.each(cases)("%s is read as far as it can be drawn", (_, def, expected) => {
    const { document, dropped } = readGraph({ nodes: [nodeWith({ template: {}, ...def })], edges: [] });
    expect(dropped).toBe(0);
    expect(document.nodes[0]?.data.node).toMatchObject(expected);
  });

  it("what is no node or edge is left out and counted", () => {
    const nodes = [nodeWith({}), null, 5, { id: "x" }, { id: "y", data: {} }];
    expect(readGraph({ nodes, edges: [null, { id: "e", source: "nobody", target: "A-1" }] }).dropped).toBe(6);
  });
});
