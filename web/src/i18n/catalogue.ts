/**
 * The texts of the application, by feature. English stands beside the code that shows it and is always whole; another
 * language is a pack that replaces texts by the same names, and what it lacks is shown in English.
 */

/** What a text may take up: names, counts. */
export type Part = string | number | null | undefined;
export type Text = string | ((...parts: Part[]) => string);
export type Messages = Record<string, Text>;

/** A translation: catalogue → name → text. */
export interface LanguagePack {
  /** A BCP 47 tag, such as `de` or `pt-BR`. */
  language: string;
  messages: Record<string, Messages>;
}

const english: LanguagePack = { language: "en", messages: {} };
let pack = english;

/** Takes a language into use. To be called before the features are loaded: they read their texts once. */
export function setLanguage(next: LanguagePack | undefined): void {
  pack = next ?? english;
}

/** The language in use, for dates, numbers and plurals. */
export const language = () => pack.language;

/** The texts of one feature in the language in use. A translation of another kind than the English text is passed over. */
export function catalogue<M extends Messages>(name: string, texts: M): M {
  const translated = Object.entries(pack.messages[name] ?? {}).filter(
    ([key, text]) => typeof text === typeof texts[key],
  );
  return { ...texts, ...Object.fromEntries(translated) };
}
