import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { filesToCheck, findTexts } from "../../tools/texts.mjs";

const textsIn = (code: string) => findTexts("sample.tsx", code).map(({ text }) => text);

test.each([
  ["<p>Hello there</p>", ["Hello there"]],
  ['<button aria-label="Close" className="px-2 py-1" />', ["Close"]],
  ['<p title={isOpen ? "Close it" : t.open} />', ["Close it"]],
  ['const tabs = [{ id: "logs", label: "Logs" }];', ["Logs"]],
  // biome-ignore lint/suspicious/noTemplateCurlyInString: code, as text
  ["toast.info(`Saved ${name}`)", ["Saved"]],
  ['throw new Error("no such thing")', ["no such thing"]],
  ['const fallback = "Nothing to see here.";', ["Nothing to see here."]],
  // biome-ignore lint/suspicious/noTemplateCurlyInString: code, as text
  ["const words = `${count} Flows are gone`;", ["Flows are gone"]],
  ['const needs = [hasModel ? "a model" : ""];', ["a model"]],
  ['<a rel="noreferrer nofollow" className={cn("flex grid", isOpen && "block italic")} />', []],
  ['<p>{t.hello}</p>; const id = "ChatInput"; const key = "langflow-theme";', []],
  ['const rings = { error: "border-danger ring-2 ring-danger/50" };', []],
  ['export const t = catalogue("x", { hello: "Hello there" });', []],
])("in %s these are texts: %j", (code, texts) => {
  expect(textsIn(code)).toEqual(texts);
});

// Reads and parses the whole application: seconds, where others use the machine too.
test("no text stands outside of the catalogues", () => {
  const src = fileURLToPath(new URL("../", import.meta.url));
  const files = filesToCheck(src);
  expect(files.length).toBeGreaterThan(150);
  const found = files.flatMap((file) =>
    findTexts(file, readFileSync(file, "utf8")).map(({ line, text }) => `${file.slice(src.length)}:${line}: ${text}`),
  );
  expect(found).toEqual([]);
}, 60_000);
