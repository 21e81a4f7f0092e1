import { describe, expect, it } from "vitest";
import { copyText, paste, readClipboard } from "./clipboard";
import { readGraph, writeGraph } from "./document";
import { freeze, minimise } from "./flags";
import { decodeHandle } from "./handles";
import { tidy } from "./layout";
import { addNode, canonical, connect, moveNodes, removeItems, replaceDef, setField } from "./ops";
import { component, ends, field, joined, node, output, pair } from "./testing";
import { checkConnection, missingInputs } from "./validate";

describe("connecting", () => {
  it.each([
    ["out", "input", undefined],
    ["table", "rows", undefined],
    ["out", "tools", "tools of B-1 needs Tool, but this gives Message."],
    ["table", "input", "input of B-1 needs Message, but this gives Table."],
  ])("%s to %s", (from, to, reason) => {
    const document = pair();
    const verdict = checkConnection(document, ends(document, "A-1", from, "B-1", to));
    expect(verdict).toEqual(reason === undefined ? { ok: true } : { ok: false, reason });
  });

  it("refuses what is connected already, and a node to itself", () => {
    const document = joined();
    const again = ends(document, "A-1", "out", "B-1", "input");
    expect(checkConnection(document, again)).toMatchObject({ ok: false });
    const self = ends(document, "B-1", "answer", "B-1", "input");
    expect(checkConnection(document, self)).toEqual({ ok: false, reason: "B-1 cannot feed itself." });
  });

  it("lets go of the edge an input of one value had", () => {
    const document = joined();
    const more = { ...document, nodes: [...document.nodes, node("C-1", component({}, [output("out", ["Message"])]))] };
    const next = connect(more, ends(more, "C-1", "out", "B-1", "input"));
    expect(next.edges.map((edge) => edge.source)).toEqual(["C-1"]);
  });

  it("writes handles as text and as objects", () => {
    const [edge] = joined().edges;
    expect(decodeHandle(edge?.sourceHandle)).toEqual(edge?.data?.sourceHandle);
    expect(edge?.id).toBe(`xy-edge__A-1${edge?.sourceHandle}-B-1${edge?.targetHandle}`);
  });
});

describe("changing", () => {
  it("leaves every other node as it was", () => {
    const document = pair();
    const next = setField(document, "A-1", "text", { value: "hi" });
    expect(next.nodes[1]).toBe(document.nodes[1]);
    expect(next.nodes[0]?.data.node.template.text).toMatchObject({ value: "hi", type: "str" });
  });

  it("takes edges away with their nodes", () => {
    expect(removeItems(joined(), new Set(["A-1"]), new Set())).toMatchObject({ nodes: [{ id: "B-1" }], edges: [] });
  });

  it("puts a new node beside one that lies there", () => {
    const { document, id } = addNode(pair(), "A", component({}, []), { x: 0, y: 0 }, () => 0);
    expect(id).toBe("A-AAAAA");
    expect(document.nodes.at(-1)?.position).toEqual({ x: 32, y: 32 });
  });

  it("drops edges whose ends a new definition lacks, and keeps the user's name", () => {
    const document = joined();
    const next = replaceDef(
      document,
      "B-1",
      component({ other: field() }, [output("answer", ["Message"])], { display_name: "Fresh" }),
    );
    expect(next.edges).toEqual([]);
    expect(next.nodes[1]?.data.node.display_name).toBe("B-1");
  });

  it("rewrites handles whose types changed", () => {
    const document = joined();
    const def = component({ input: field({ input_types: ["Message", "JSON"] }) }, []);
    const [edge] = replaceDef(document, "B-1", def).edges;
    expect(decodeHandle(edge?.targetHandle)).toMatchObject({ inputTypes: ["Message", "JSON"] });
  });

  it("freezes what feeds a node and thaws what follows it", () => {
    const frozen = freeze(joined(), "B-1", true);
    expect(frozen.nodes.map((entry) => entry.data.node.frozen)).toEqual([true, true]);
    const thawed = freeze(frozen, "A-1", false);
    expect(thawed.nodes.map((entry) => entry.data.node.frozen)).toEqual([false, false]);
  });

  it("makes nodes small, and large again when all are small", () => {
    const small = minimise(pair(), ["A-1", "B-1"]);
    expect(small.nodes.map((entry) => entry.data.showNode)).toEqual([false, false]);
    expect(minimise(small, ["A-1"]).nodes.map((entry) => entry.data.showNode)).toEqual([true, false]);
  });
});

describe("loading", () => {
  it("keeps keys it does not know", () => {
    const stored = {
      nodes: [{ ...pair().nodes[0], strange: 1, data: { ...pair().nodes[0]?.data, own: true } }],
      edges: [],
    };
    const { document } = readGraph(stored);
    const written = writeGraph(document, { x: 0, y: 0, zoom: 1 });
    expect(written.nodes[0]).toMatchObject({ strange: 1, data: { own: true } });
  });

  it.each([
    [null, 0],
    ["text", 0],
    [{ nodes: "x", edges: 5 }, 0],
    [{ nodes: [{}, null, { id: 1 }, { id: "a", data: {} }], edges: [{ id: "e", source: "a", target: "b" }] }, 5],
  ])("%j has no usable part", (data, dropped) => {
    const read = readGraph(data);
    expect(read.document).toEqual({ nodes: [], edges: [] });
    expect(read.dropped).toBe(dropped);
  });

  it("finds the ends of edges whose handles hold blanks, or only objects", () => {
    const document = joined();
    const [edge] = document.edges;
    if (!edge) throw new Error("no edge");
    const spaced = { ...edge, sourceHandle: edge.sourceHandle?.replaceAll(":", ": ") ?? null };
    const bare = { ...edge, sourceHandle: null, targetHandle: null };
    for (const variant of [spaced, bare]) {
      const read = canonical({ ...document, edges: [variant] });
      expect(read.dropped).toBe(0);
      expect(read.document.edges[0]?.sourceHandle).toBe(edge.sourceHandle);
    }
  });

  it("leaves out edges that end nowhere", () => {
    const document = joined();
    const lost = document.edges.map((edge) => ({
      ...edge,
      targetHandle: edge.targetHandle?.replace("input", "gone") ?? null,
    }));
    expect(canonical({ ...document, edges: lost }).dropped).toBe(1);
  });
});

describe("the clipboard", () => {
  it("gives pasted nodes new ids, in their edges too", () => {
    const document = joined();
    const selected = { ...document, nodes: document.nodes.map((entry) => ({ ...entry, selected: true })) };
    const read = readClipboard(copyText(selected) ?? "");
    if (!read?.ok) throw new Error("not read");
    const { document: next, ids } = paste(selected, read.document, { x: 1000, y: 1000 });
    expect(next.nodes).toHaveLength(4);
    expect(next.edges).toHaveLength(2);
    expect(new Set(next.nodes.map((entry) => entry.id)).size).toBe(4);
    const edge = next.edges[1];
    expect([edge?.source, edge?.target]).toEqual(ids);
    expect(decodeHandle(edge?.targetHandle)).toMatchObject({ id: ids[1] });
    expect(next.nodes.filter((entry) => entry.selected).map((entry) => entry.id)).toEqual(ids);
  });

  it.each(["", "hello", "[1]", "{", '{"a":1}', "42"])("%s is not a flow", (text) => {
    expect(readClipboard(text)).toBeUndefined();
  });

  it("refuses what is too large, in words", () => {
    expect(readClipboard(`{${" ".repeat(21 * 1024 * 1024)}}`)).toMatchObject({ ok: false });
  });
});

describe("tidy up", () => {
  it("puts what follows to the right, also in a circle", () => {
    const document = joined();
    const circle = connect(document, ends(document, "B-1", "answer", "A-1", "text"));
    for (const flow of [document, circle]) {
      const places = tidy(flow);
      expect(places.get("B-1")?.x).toBeGreaterThan(places.get("A-1")?.x ?? Number.POSITIVE_INFINITY);
    }
    expect(moveNodes(document, tidy(document)).nodes).toHaveLength(2);
  });

  it("takes a chain of thousands", () => {
    const def = component({ input: field({ input_types: ["Message"] }) }, [output("out", ["Message"])]);
    const nodes = Array.from({ length: 3000 }, (_, index) => node(`N-${index}`, def));
    const edges = nodes.slice(1).map((entry, index) => ({ id: `e${index}`, source: `N-${index}`, target: entry.id }));
    expect(tidy({ nodes, edges }).size).toBe(3000);
  });
});

describe("before a run", () => {
  it("names every required input that is empty and not connected", () => {
    const def = component(
      {
        key: field({ required: true, display_name: "Key" }),
        input: field({ required: true, input_types: ["Message"] }),
      },
      [],
    );
    const giver = component({}, [output("out", ["Message"])]);
    const document = { nodes: [node("A-1", giver), node("B-1", def)], edges: [] };
    const fed = connect(document, ends(document, "A-1", "out", "B-1", "input"));
    expect(missingInputs(document)).toHaveLength(2);
    expect(missingInputs(fed).map((problem) => problem.text)).toEqual(["B-1: Key is empty."]);
  });
});
