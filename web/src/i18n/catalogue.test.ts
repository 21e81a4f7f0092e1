import { afterEach, expect, test } from "vitest";
import { catalogue, language, type Part, setLanguage } from "./catalogue";
import { chooseLanguage } from "./languages";

const texts = { save: "Save", count: (n: Part) => `${n} flows` };

afterEach(() => setLanguage(undefined));

test("English is the language where there is no other", () => {
  expect(language()).toBe("en");
  expect(catalogue("home", texts).save).toBe("Save");
});

test("a pack replaces the texts it has; the others stay English", () => {
  setLanguage({ language: "de", messages: { home: { save: "Sichern" }, other: { save: "?" } } });
  const t = catalogue("home", texts);
  expect([language(), t.save, t.count(2)]).toEqual(["de", "Sichern", "2 flows"]);
});

test("a translation of another kind or name is passed over", () => {
  setLanguage({ language: "de", messages: { home: { count: "viele", more: "mehr" } } });
  expect(catalogue("home", texts).count(2)).toBe("2 flows");
});

test.each([
  [["de-AT", "en"], ["de", "fr"], "de"],
  [["pt-BR"], ["pt", "pt-BR"], "pt-BR"],
  [["en-GB", "de"], ["de"], undefined],
  [["ja"], ["de"], undefined],
  [[], ["de"], undefined],
])("a browser that asks for %j is given, of %j, %s", (wanted, there, chosen) => {
  expect(chooseLanguage(wanted, there)).toBe(chosen);
});
