import { describe, expect, it } from "vitest";
import { type Entry, fits, fittingHandle, groupEntries, searchEntries } from "./catalogue";
import { decodeHandle } from "./handles";
import { kindOf } from "./kinds";
import { component, field, node, output } from "./testing";

const entry = (category: string, name: string, extra = {}): Entry => ({
  category,
  type: name.replaceAll(" ", ""),
  def: component({ input: field({ input_types: ["Message"] }) }, [output("out", ["Message"])], {
    display_name: name,
    ...extra,
  }),
});

const entries = [
  entry("input_output", "Chat Input"),
  entry("input_output", "Text Input", { legacy: true }),
  entry("models_and_agents", "Agent", { description: "Uses a chat model" }),
  entry("acme", "Acme Search", { beta: true }),
];

describe("searching components", () => {
  it.each([
    ["chat", false, ["Chat Input", "Agent"], { legacy: 0, beta: 0 }],
    ["text input", false, [], { legacy: 1, beta: 0 }],
    ["text input", true, ["Text Input"], { legacy: 0, beta: 0 }],
    ["acme", false, [], { legacy: 0, beta: 1 }],
    ["zzz", true, [], { legacy: 0, beta: 0 }],
  ])("%s with hidden ones shown: %s", (text, all, names, hidden) => {
    const result = searchEntries(entries, { text, legacy: all, beta: all, fits: undefined });
    expect(result.found.map((found) => found.def.display_name)).toEqual(names);
    expect(result.hidden).toEqual(hidden);
  });

  it("groups by category, unknown ones as bundles", () => {
    const groups = groupEntries(entries);
    expect(groups.map(({ title, isBundle }) => [title, isBundle])).toEqual([
      ["Input & Output", false],
      ["Models & Agents", false],
      ["Acme", true],
    ]);
  });

  it("knows what fits a handle, and which end", () => {
    const def = component({ a: field(), b: field({ input_types: ["Tool"] }) }, [
      output("x", ["Table"]),
      output("y", ["Message"]),
    ]);
    expect(fits(def, { types: ["Tool"], wants: "target" })).toBe(true);
    expect(fits(def, { types: ["Message"], wants: "target" })).toBe(false);
    expect(decodeHandle(fittingHandle(node("N-1", def), { types: ["Message"], wants: "source" }))).toMatchObject({
      name: "y",
    });
    expect(fittingHandle(node("N-1", def), { types: ["Embeddings"], wants: "source" })).toBeUndefined();
  });
});

describe("the widget of a field", () => {
  it.each([
    [{ type: "str" }, "text"],
    [{ type: "str", multiline: true }, "multiline"],
    [{ type: "str", password: true, _input_type: "SecretStrInput" }, "secret"],
    [{ type: "str", options: ["a"] }, "dropdown"],
    [{ type: "str", options: ["a"], _input_type: "DropdownInput" }, "dropdown"],
    [{ type: "str", options: [], _input_type: "DropdownInput" }, "dropdown"],
    [{ type: "str", options: ["a"], list: true, _input_type: "MultiselectInput" }, "multiselect"],
    [{ type: "int" }, "int"],
    [{ type: "bool" }, "bool"],
    [{ type: "slider" }, "slider"],
    [{ type: "tab", options: ["a"] }, "tab"],
    [{ type: "NestedDict" }, "nestedDict"],
    [{ type: "prompt" }, "prompt"],
    [{ type: "mustache" }, "prompt"],
    [{ type: "other" }, "handle"],
    [{ type: "table" }, "table"],
    [{ type: "sortableList" }, "sortable"],
    [{ type: "from the future" }, "json"],
    [{}, "text"],
  ])("%j is %s", (shape, kind) => {
    expect(kindOf(shape)).toBe(kind);
  });
});
