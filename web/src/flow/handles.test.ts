import { describe, expect, it } from "vitest";
import { decodeHandle, encodeHandle, typeColour, typesMeet, visibleOutputs } from "./handles";
import { component, output } from "./testing";

describe("handles on the wire", () => {
  it("are JSON with sorted keys and œ for quotes", () => {
    const handle = { type: "str", id: "B-1", fieldName: "input", inputTypes: ["Message"] };
    expect(encodeHandle(handle)).toBe("{œfieldNameœ:œinputœ,œidœ:œB-1œ,œinputTypesœ:[œMessageœ],œtypeœ:œstrœ}");
  });

  it.each([
    ["a source", { dataType: "A", id: "A-1", name: "out", output_types: ["Message"] }],
    ["a target", { fieldName: "input", id: "B-1", inputTypes: ["Message"], type: "str" }],
    ["a target without types", { fieldName: "input", id: "B-1", inputTypes: null, type: "str" }],
    ["a group's end", { fieldName: "x", id: "G-1", inputTypes: [], type: "str", proxy: { id: "C", field: "y" } }],
  ])("%s comes back as it was", (_, handle) => {
    expect(decodeHandle(encodeHandle(handle))).toEqual(handle);
  });

  it("with blanks in them are read too", () => {
    expect(decodeHandle("{œdataTypeœ: œAœ, œidœ: œA-1œ, œnameœ: œoutœ, œoutput_typesœ: [œMessageœ]}")).toEqual({
      dataType: "A",
      id: "A-1",
      name: "out",
      output_types: ["Message"],
    });
  });

  it.each([undefined, null, "", "nonsense", "{}", "[]", "null", "{œidœ:1}"])("%s is no handle", (text) => {
    expect(decodeHandle(text)).toBeUndefined();
  });
});

describe("types", () => {
  it.each([
    [["Message"], ["Message"], true],
    [["Data"], ["JSON"], true],
    [["Table"], ["DataFrame"], true],
    [["Message"], ["Tool", "Message"], true],
    [["Tool"], ["Message"], false],
    [["Tool"], ["Any"], true],
    [[], ["Message"], false],
  ])("%j into %j: %s", (given, accepted, expected) => {
    expect(typesMeet(given, accepted)).toBe(expected);
  });

  it("have their colours under both names", () => {
    expect(typeColour(["Data"])).toBe(typeColour(["JSON"]));
    expect(typeColour(["never heard of"])).toBe("#8b8f9a");
  });
});

describe("outputs that share one handle", () => {
  const def = component({}, [
    output("a", ["Message"]),
    output("b", ["LanguageModel"]),
    output("c", ["Tool"], { hidden: true }),
  ]);
  it.each([
    ["nothing chosen", undefined, [], ["a"], 2],
    ["one chosen", "b", [], ["b"], 2],
    ["one used", undefined, ["b"], ["b"], 2],
    ["chosen and used differ", "a", ["b"], ["a", "b"], 2],
  ])("%s", (_, selected, used, shown, choices) => {
    const visible = visibleOutputs(def, selected, new Set(used));
    expect(visible.shown.map((entry) => entry.name)).toEqual(shown);
    expect(visible.choices).toHaveLength(choices);
  });

  it("stand apart when they are grouped", () => {
    const grouped = component({}, [
      output("a", ["Message"], { group_outputs: true }),
      output("b", ["Message"], { group_outputs: true }),
    ]);
    expect(visibleOutputs(grouped, undefined, new Set()).shown).toHaveLength(2);
  });
});
