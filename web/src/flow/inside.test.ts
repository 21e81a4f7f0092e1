import { describe, expect, it } from "vitest";
import { type ComponentDef, type FlowDocument, fieldOf, fieldsOf, type TemplateField } from "./document";
import { insideOf, ungroup } from "./groups";
import { changeInside, lookInside, nodeInside, ownerOf, setInside } from "./inside";
import { nodeById, replaceDef, setField } from "./ops";
import { chain, field, grouped, output, shape } from "./testing";

const inner = grouped();
const outer = grouped(inner.document, [inner.id, "E-1"]);

/** A group, and one in another: the same must hold on both ways. */
const ways = [
  { name: "in a group", flow: inner.document, path: [inner.id] },
  { name: "in a group in a group", flow: outer.document, path: [outer.id, inner.id] },
];

/** What the server answers for a component: these fields over its own, without those named `undefined`. */
function answer(
  flow: FlowDocument,
  path: string[],
  id: string,
  fields: Record<string, TemplateField | undefined>,
  extra: Partial<ComponentDef> = {},
): FlowDocument {
  const def = nodeInside(flow, path, id)?.data.node;
  if (!def) throw new Error(`no ${id}`);
  const template = Object.fromEntries(
    Object.entries({ ...def.template, ...fields }).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, value]],
    ),
  );
  return changeInside(flow, path, id, (inside) => replaceDef(inside, id, { ...def, ...extra, template }));
}

/** The names of the fields of the groups on the way, the outermost first. */
const fieldsOnWay = (flow: FlowDocument, path: string[]) =>
  path.map((id, depth) => {
    const group = nodeInside(flow, path.slice(0, depth), id);
    return group ? fieldsOf(group.data.node).map(([name]) => name) : [];
  });

const fieldAt = (flow: FlowDocument, path: string[], id: string, name: string) => {
  const def = nodeInside(flow, path, id)?.data.node;
  return def && fieldOf(def, name);
};

describe.each(ways)("a component $name that becomes another", ({ flow, path }) => {
  it("brings a new field: the groups on the way have it beside its others", () => {
    const made = answer(flow, path, "A-1", { topic: field({ value: "bees", input_types: ["Message"] }) });
    expect(fieldAt(made, path, "A-1", "topic")?.value).toBe("bees");
    for (const [depth, names] of fieldsOnWay(made, path).entries()) {
      const before = fieldsOnWay(flow, path)[depth] ?? [];
      const name = names.find((candidate) => candidate.startsWith("topic_A-1")) ?? "";
      expect(names.filter((candidate) => candidate !== name)).toEqual(before);
      expect(names.indexOf(name)).toBe(names.findIndex((candidate) => candidate.startsWith("extra_A-1")) + 1);
      const group = nodeInside(made, path.slice(0, depth), path[depth] ?? "");
      expect(group && fieldOf(group.data.node, name)?.proxy).toEqual({ id: "A-1", field: "topic" });
    }
    // And it is one field: set on the group, read inside.
    const [top] = path;
    const name = fieldsOnWay(made, path)[0]?.find((candidate) => candidate.startsWith("topic_A-1")) ?? "";
    const set = setField(made, top ?? "", name, { value: "wasps" });
    expect(fieldAt(set, path, "A-1", "topic")?.value).toBe("wasps");
  });

  it("loses a field: the groups lose theirs, and the edge that ended there", () => {
    const made = answer(flow, path, "A-1", { input: undefined });
    expect(
      fieldsOnWay(made, path)
        .flat()
        .filter((name) => name.startsWith("input_A-1")),
    ).toEqual([]);
    expect(shape(made).filter((edge) => edge.startsWith("S-1"))).toEqual([]);
    expect(shape(flow).filter((edge) => edge.startsWith("S-1"))).toHaveLength(1);
  });

  it("hides a field and shows it again with its value", () => {
    const shown = fieldAt(flow, path, "B-1", "extra") ?? {};
    const hidden = answer(flow, path, "B-1", { extra: { ...shown, show: false } });
    expect(
      fieldsOnWay(hidden, path)
        .flat()
        .filter((name) => name.startsWith("extra_B-1")),
    ).toEqual([]);
    const again = answer(hidden, path, "B-1", { extra: shown });
    expect(fieldsOnWay(again, path)).toEqual(fieldsOnWay(flow, path));
    expect(fieldAt(again, path, "B-1", "extra")?.value).toBe("x");
  });

  it("offers other choices: the groups offer them, under the name and place a person gave", () => {
    const [top] = path;
    const name = fieldsOnWay(flow, path)[0]?.find((candidate) => candidate.startsWith("extra_B-1")) ?? "";
    const named = setField(flow, top ?? "", name, { display_name: "Mine", advanced: true });
    const made = answer(named, path, "B-1", { extra: { ...field(), options: ["p", "q"], value: "q" } });
    const group = nodeById(made, top ?? "");
    expect(group && fieldOf(group.data.node, name)).toMatchObject({
      name,
      display_name: "Mine",
      advanced: true,
      options: ["p", "q"],
      value: "q",
    });
    expect(fieldAt(made, path, "B-1", "extra")?.value).toBe("q");
  });

  it("loses the field that an edge inside ended in", () => {
    const made = answer(flow, path, "B-1", { input: undefined });
    expect(shape(lookInside(made, path) ?? made)).toEqual([]);
    const gone = path.reduce((now, group) => ungroup(now, group), made);
    expect(shape(gone)).not.toContain("A-1.out > B-1.input");
  });

  it("gives something else: the groups' outputs follow, and edges from those that are gone fall", () => {
    const made = answer(flow, path, "B-1", {}, { outputs: [output("table", ["Table"])] });
    const group = nodeInside(made, path.slice(0, -1), path.at(-1) ?? "");
    expect(group?.data.node.outputs).toMatchObject([
      { name: "B-1_table", proxy: { id: "B-1", name: "table" }, group_outputs: true },
    ]);
    expect(group?.data.node.base_classes).toEqual(["Table"]);
    const apart = path.reduce((now, id) => ungroup(now, id), made);
    expect(shape(apart).filter((edge) => edge.endsWith("E-1.input"))).toEqual([]);
  });

  it("keeps edges and values of the others", () => {
    const set = setInside(flow, path, "A-1", "extra", { value: "kept" });
    const made = answer(set, path, "B-1", { more: field() });
    expect(shape(made)).toEqual(shape(flow));
    expect(shape(lookInside(made, path) ?? made)).toEqual(shape(lookInside(flow, path) ?? flow));
    expect(fieldAt(made, path, "A-1", "extra")?.value).toBe("kept");
  });
});

describe("changes inside", () => {
  it.each([
    { name: "a way that is none", path: ["X-9"], id: "A-1" },
    { name: "a component that is no group", path: ["S-1"], id: "A-1" },
    { name: "a component that is not there", path: [inner.id], id: "X-9" },
  ])("leave the flow as it is for $name", ({ path, id }) => {
    const step = (inside: FlowDocument) => setField(inside, id, "extra", { value: "y" });
    const made = changeInside(inner.document, path, id, step);
    expect(made).toBe(inner.document);
  });

  it("leave a field alone that the group does not show on purpose", () => {
    const { document, id } = grouped();
    const group = nodeById(document, id);
    const template = Object.fromEntries(
      Object.entries(group?.data.node.template ?? {}).filter(([name]) => name !== "extra_B-1"),
    );
    const without = {
      ...document,
      nodes: document.nodes.map((node) =>
        node.id === id ? { ...node, data: { ...node.data, node: { ...node.data.node, template } } } : node,
      ),
    };
    const made = answer(without, [id], "B-1", { extra: field({ value: "z" }) });
    const after = nodeById(made, id);
    expect(after && fieldOf(after.data.node, "extra_B-1")).toBeUndefined();
    expect(after && fieldOf(insideOf(after).nodes[1]?.data.node ?? after.data.node, "extra")?.value).toBe("z");
  });
});

describe("the owner of a field", () => {
  const deep = fieldsOnWay(outer.document, [outer.id])[0]?.find((name) => name.startsWith("extra_B-1")) ?? "";
  it.each([
    {
      name: "of a plain component is itself",
      flow: chain(),
      asked: { path: [], id: "A-1", field: "extra" },
      is: { path: [], id: "A-1", field: "extra" },
    },
    {
      name: "of a group is the component inside",
      flow: inner.document,
      asked: { path: [], id: inner.id, field: "extra_B-1" },
      is: { path: [inner.id], id: "B-1", field: "extra" },
    },
    {
      name: "of a group around a group is the innermost",
      flow: outer.document,
      asked: { path: [], id: outer.id, field: deep },
      is: { path: [outer.id, inner.id], id: "B-1", field: "extra" },
    },
    {
      name: "of a group inside a group, looked at from there",
      flow: outer.document,
      asked: { path: [outer.id], id: inner.id, field: "extra_B-1" },
      is: { path: [outer.id, inner.id], id: "B-1", field: "extra" },
    },
  ])("$name", ({ flow, asked, is }) => expect(ownerOf(flow, asked)).toEqual(is));
});
