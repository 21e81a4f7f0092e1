import { afterEach, describe, expect, it, test } from "vitest";
import { keysOf, readOwnKeys, shortcutOf, useKeymap } from "./keymap";
import { isFit, type KeyPress, shortcuts, spell, takenBy } from "./shortcuts";

afterEach(() => useKeymap.getState().reset());

const press = (key: string, held: Partial<KeyPress> = {}): KeyPress => ({
  key,
  ctrlKey: false,
  metaKey: false,
  shiftKey: false,
  altKey: false,
  ...held,
});

test.each<[KeyPress, string]>([
  [press("p"), "P"],
  [press("P", { shiftKey: true }), "Shift+P"],
  [press(" "), "Space"],
  [press("?", { shiftKey: true }), "?"],
  [press("f", { ctrlKey: true, shiftKey: true }), "Mod+Shift+F"],
  [press("s", { metaKey: true, altKey: true }), "Mod+Alt+S"],
  [press("Enter", { ctrlKey: true }), "Mod+Enter"],
])("%j is spelled %s", (pressed, spelled) => {
  expect(spell(pressed)).toBe(spelled);
});

test("no two commands answer to the same keys", () => {
  const all = shortcuts.flatMap(({ keys }) => [...keys]);
  expect(new Set(all).size).toBe(all.length);
});

/** Section 3 of the notes on the reference: what people's fingers know. */
test.each([
  ["/", "search"],
  ["Mod+B", "sidebar"],
  ["Mod+Shift+A", "inspector"],
  ["Mod+.", "minimise"],
  ["Space", "code"],
  ["Mod+Shift+D", "docs"],
  ["Mod+C", "copy"],
  ["Mod+X", "cut"],
  ["Mod+V", "paste"],
  ["Mod+D", "duplicate"],
  ["Backspace", "delete"],
  ["Mod+Z", "undo"],
  ["Mod+Y", "redo"],
  ["Mod+Shift+Z", "redo"],
  ["Mod+G", "group"],
  ["Mod+S", "save"],
  ["Mod+Alt+S", "saveComponent"],
  ["P", "run"],
  ["O", "output"],
  ["Mod+K", "playground"],
  ["R", "api"],
  ["Mod+Shift+F", "freeze"],
  ["Mod+Shift+M", "tool"],
  ["Mod+J", "download"],
  ["Mod+U", "update"],
  ["Mod+Shift+B", "share"],
  ["Mod++", "zoomIn"],
  ["Mod+-", "zoomOut"],
  ["Mod+0", "zoom100"],
  ["Mod+1", "fit"],
])("%s is %s, as people of Langflow know it", (keys, id) => {
  expect(takenBy(keys, "", {})?.id).toBe(id);
});

describe("own keys", () => {
  it("replace the usual ones, and are given back", () => {
    useKeymap.getState().set("tool", ["T"]);
    expect(shortcutOf(press("t"))).toBe("tool");
    expect(shortcutOf(press("m", { ctrlKey: true, shiftKey: true }))).toBeUndefined();
    expect(keysOf("tool")).toBe("T");
    useKeymap.getState().set("tool", undefined);
    expect(shortcutOf(press("m", { ctrlKey: true, shiftKey: true }))).toBe("tool");
  });

  it("are seen as taken", () => {
    expect(takenBy("T", "run", { tool: ["T"] })?.id).toBe("tool");
    expect(takenBy("Mod+Shift+M", "run", { tool: ["T"] })).toBeUndefined();
    expect(takenBy("T", "tool", { tool: ["T"] })).toBeUndefined();
  });

  test.each([
    ['{"run":["X"],"gone":["Y"]}', { run: ["X"] }],
    ['{"run":"X","tool":[1]}', {}],
    ["[]", {}],
    ["no json", {}],
  ])("stored as %s they are %j", (text, own) => {
    expect(readOwnKeys(text)).toEqual(own);
  });

  test.each([
    ["Mod+Shift+Control", false],
    ["Tab", false],
    ["Escape", false],
    ["Mod+Enter", true],
    ["Q", true],
    ["Mod+Alt+7", true],
  ])("%s can be given: %s", (keys, fits) => {
    expect(isFit(keys)).toBe(fits);
  });
});
