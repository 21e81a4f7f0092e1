import { type LanguagePack, setLanguage } from "./catalogue";

/**
 * The languages there are besides English. A new one is a file that exports its `LanguagePack` and a line here, such as
 * `de: () => import("./packs/de").then((module) => module.pack)`.
 */
const packs: Record<string, () => Promise<LanguagePack>> = {};

/** The first language of the browser that there is a pack for: `de-AT` is content with `de`. */
export function chooseLanguage(wanted: readonly string[], there: readonly string[]): string | undefined {
  for (const tag of wanted) {
    const base = tag.split("-")[0] ?? tag;
    if (base === "en") return undefined;
    const found = there.find((known) => known === tag) ?? there.find((known) => known === base);
    if (found) return found;
  }
  return undefined;
}

/** Loads the language of the browser, where there is one; without it the application speaks English. */
export async function loadLanguage(): Promise<void> {
  const chosen = chooseLanguage(navigator.languages, Object.keys(packs));
  const load = chosen === undefined ? undefined : packs[chosen];
  if (!load) return;
  try {
    const pack = await load();
    setLanguage(pack);
    document.documentElement.lang = pack.language;
  } catch {
    // The pack is not there: English is.
  }
}
