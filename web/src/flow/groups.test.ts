import { describe, expect, it } from "vitest";
import { type FlowDocument, fieldOf } from "./document";
import { edgeOfGroup, group, insideOf, ungroup } from "./groups";
import { fitsEdge, insertOnEdge } from "./insert";
import { lookInside, setInside } from "./inside";
import { nodeById, setField, updateDef } from "./ops";
import { chain, component, field, grouped, node, output, shape } from "./testing";

function innerData(document: FlowDocument, id: string): object {
  const made = nodeById(document, id);
  return made ? insideOf(made) : {};
}

describe("groups", () => {
  it("stand for their components: free fields and outputs, edges kept", () => {
    const { document, id } = grouped();
    const def = nodeById(document, id)?.data.node;
    expect(document.nodes.map((item) => item.id)).toEqual(["S-1", "E-1", id]);
    expect(shape(document)).toEqual([`S-1.out > ${id}.input_A-1`, `${id}.B-1_out > E-1.input`].toSorted());
    expect(Object.keys(def?.template ?? {}).toSorted()).toEqual(["extra_A-1", "extra_B-1", "input_A-1"]);
    expect(def && fieldOf(def, "input_A-1")?.proxy).toEqual({ id: "A-1", field: "input" });
    expect(def?.outputs?.map((item) => item.name)).toEqual(["B-1_out"]);
  });

  it("come apart into what they were made of", () => {
    const { document, id } = grouped();
    const apart = ungroup(document, id);
    expect(shape(apart)).toEqual(shape(chain()));
    expect(apart.nodes.map((item) => item.id).toSorted()).toEqual(["A-1", "B-1", "E-1", "S-1"]);
  });

  it("are looked into, with the values that were set on them, also one in another", () => {
    const { document, id } = grouped();
    const set = setField(document, id, "extra_B-1", { value: "new" });
    const inside = lookInside(set, [id]);
    expect(inside && shape(inside)).toEqual(["A-1.out > B-1.input"]);
    const extra = inside && nodeById(inside, "B-1")?.data.node;
    expect(extra && fieldOf(extra, "extra")?.value).toBe("new");
    const outer = grouped(set, [id, "E-1"]);
    expect(lookInside(outer.document, [outer.id])?.nodes.map((item) => item.id)).toEqual(["E-1", id]);
    expect(lookInside(outer.document, [outer.id, id])?.nodes.map((item) => item.id)).toEqual(["A-1", "B-1"]);
    expect(lookInside(document, [])).toBe(document);
    expect(lookInside(document, ["A-9"])).toBeUndefined();
    expect(lookInside(document, ["S-1"])).toBeUndefined();
  });

  it("take values set inside, on the group where it stands for the field and in the component where not", () => {
    const { document, id } = grouped();
    const outer = grouped(document, [id, "E-1"]);
    const cases: { name: string; flow: FlowDocument; path: string[]; node: string; field: string }[] = [
      { name: "the group stands for it", flow: document, path: [id], node: "B-1", field: "extra" },
      { name: "fed by an edge inside", flow: document, path: [id], node: "B-1", field: "input" },
      { name: "in a group in a group", flow: outer.document, path: [outer.id, id], node: "B-1", field: "extra" },
      { name: "fed inside, two deep", flow: outer.document, path: [outer.id, id], node: "B-1", field: "input" },
      { name: "a field of a group in a group", flow: outer.document, path: [outer.id], node: id, field: "extra_A-1" },
      { name: "outside of any", flow: document, path: [], node: "S-1", field: "extra" },
    ];
    for (const { name, flow, path, node: at, field: wanted } of cases) {
      const set = setInside(flow, path, at, wanted, { value: "inner" });
      const def = nodeById(lookInside(set, path) ?? set, at)?.data.node;
      expect(def && fieldOf(def, wanted)?.value, name).toBe("inner");
      // What it takes apart into has the value too, and nothing else moved.
      const apart = path.reduce((now, group) => ungroup(now, group), set);
      const after = nodeById(apart, at)?.data.node;
      expect(after && fieldOf(after, wanted)?.value, name).toBe("inner");
      expect(shape(set), name).toEqual(shape(flow));
    }
    const onGroup = nodeById(setInside(document, [id], "B-1", "extra", { value: "inner" }), id)?.data.node;
    expect(onGroup && fieldOf(onGroup, "extra_B-1")?.value).toBe("inner");
  });

  it("stay as they are when there is nothing to set", () => {
    const { document, id } = grouped();
    const ways: [path: string[], node: string, field: string][] = [
      [["A-9"], "B-1", "extra"],
      [["S-1"], "B-1", "extra"],
      [[id], "E-1", "extra"],
      [[id], "B-1", "none"],
    ];
    for (const [path, at, wanted] of ways) {
      expect(setInside(document, path, at, wanted, { value: "inner" })).toBe(document);
    }
  });

  it("keep what else is stored beside the graph inside", () => {
    const { document, id } = grouped();
    const odd = updateDef(document, id, {
      flow: { name: "Mine", data: { ...innerData(document, id), viewport: { x: 1, y: 2, zoom: 1 }, extra: 7 } },
    });
    const set = setInside(odd, [id], "B-1", "input", { value: "inner" });
    expect(nodeById(set, id)?.data.node.flow).toMatchObject({
      name: "Mine",
      data: { viewport: { x: 1, y: 2, zoom: 1 }, extra: 7 },
    });
  });

  it("hand values that were set on them to their components", () => {
    const { document, id } = grouped();
    const apart = ungroup(setField(document, id, "extra_B-1", { value: "new" }), id);
    const value = (nodeId: string) => {
      const def = nodeById(apart, nodeId)?.data.node;
      return def && fieldOf(def, "extra")?.value;
    };
    expect([value("A-1"), value("B-1")]).toEqual(["x", "new"]);
    const def = nodeById(apart, "B-1")?.data.node;
    expect(def && fieldOf(def, "extra")).not.toHaveProperty("proxy");
  });

  it("hold other groups, and values reach the innermost component", () => {
    const inner = grouped();
    const outer = grouped(inner.document, [inner.id, "S-1"]);
    const name = Object.keys(nodeById(outer.document, outer.id)?.data.node.template ?? {}).find((key) =>
      key.startsWith("extra_B-1"),
    );
    const set = setField(outer.document, outer.id, name ?? "", { value: "deep" });
    const once = ungroup(set, outer.id);
    const twice = ungroup(once, inner.id);
    const def = nodeById(twice, "B-1")?.data.node;
    expect(def && fieldOf(def, "extra")?.value).toBe("deep");
    expect(shape(twice)).toEqual(shape(chain()));
  });

  it("name where a run to them ends and a run from them starts", () => {
    const inner = grouped();
    const outer = grouped(inner.document, [inner.id, "S-1"]);
    expect([edgeOfGroup(outer.document, outer.id, "first"), edgeOfGroup(outer.document, outer.id, "last")]).toEqual([
      "S-1",
      "B-1",
    ]);
    expect(edgeOfGroup(outer.document, "E-1", "last")).toBe("E-1");
  });

  it("keep the graph they stand for", () => {
    const { document, id } = grouped();
    const made = nodeById(document, id);
    expect(made && insideOf(made).nodes.map((item) => item.id)).toEqual(["A-1", "B-1"]);
    expect(made && shape(insideOf(made))).toEqual(["A-1.out > B-1.input"]);
  });

  const refusals: [string, string[], string][] = [
    ["one component", ["A-1"], "two or more"],
    ["nothing", [], "two or more"],
    ["a chat node", ["A-1", "ChatInput-1"], "stays outside"],
  ];
  it.each(refusals)("are refused for %s, with the reason", (_, ids, reason) => {
    const document = chain();
    const chat = node("ChatInput-1", component({}, [output("message", ["Message"])]));
    const made = group({ ...document, nodes: [...document.nodes, chat] }, ids);
    expect(made.ok).toBe(false);
    expect(!made.ok && made.reason).toContain(reason);
  });
});

describe("a node dropped on an edge", () => {
  it("stands between its ends", () => {
    const document = chain();
    const def = component({ input: field({ input_types: ["Message"] }) }, [output("out", ["Message"])]);
    const more = { ...document, nodes: [...document.nodes, node("N-1", def)] };
    const edge = document.edges[0]?.id ?? "";
    expect(fitsEdge(more, edge, def)).toBe(true);
    const made = insertOnEdge(more, edge, "N-1");
    expect(made.ok && shape(made.document)).toEqual(
      ["S-1.out > N-1.input", "N-1.out > A-1.input", "A-1.out > B-1.input", "B-1.out > E-1.input"].toSorted(),
    );
  });

  it("is refused with the reason where it does not fit", () => {
    const document = chain();
    const def = component({ rows: field({ input_types: ["Table"] }) }, [output("out", ["Message"])]);
    const more = { ...document, nodes: [...document.nodes, node("N-1", def)] };
    const edge = document.edges[0]?.id ?? "";
    expect(fitsEdge(more, edge, def)).toBe(false);
    const made = insertOnEdge(more, edge, "N-1");
    expect(!made.ok && made.reason).toContain("no input for Message");
  });
});
