/** The keys in use: the usual ones, and those that were changed in the settings of this browser. */
import { create } from "zustand";
import { isRecord, parseJson } from "@/util/json";
import { type KeyPress, keysIn, type OwnKeys, type ShortcutId, shortcuts, showKeys, spell } from "./shortcuts";

const KEY = "langflow-shortcuts";

function read(): OwnKeys {
  try {
    return readOwnKeys(localStorage.getItem(KEY) ?? "");
  } catch {
    return {};
  }
}

/** What is stored, without commands that are not there any more and without what is no list of keys. */
export function readOwnKeys(text: string): OwnKeys {
  const stored = parseJson(text);
  if (!isRecord(stored)) return {};
  return Object.fromEntries(
    shortcuts.flatMap(({ id }) => {
      const keys = stored[id];
      return Array.isArray(keys) && keys.every((key) => typeof key === "string") ? [[id, keys]] : [];
    }),
  );
}

interface Keymap {
  own: OwnKeys;
  /** Gives a command other keys; none give it back its usual ones. */
  set: (id: string, keys: readonly string[] | undefined) => void;
  reset: () => void;
}

export const useKeymap = create<Keymap>((put, get) => {
  const keep = (own: OwnKeys) => {
    put({ own });
    try {
      localStorage.setItem(KEY, JSON.stringify(own));
    } catch {
      // They then last as long as the page.
    }
  };
  return {
    own: read(),
    set: (id, keys) => {
      const { [id]: _, ...rest } = get().own;
      keep(keys ? { ...rest, [id]: keys } : rest);
    },
    reset: () => keep({}),
  };
});

/** The command that answers to these keys. */
export function shortcutOf(event: KeyPress): ShortcutId | undefined {
  const { own } = useKeymap.getState();
  const pressed = spell(event);
  return shortcuts.find((shortcut) => keysIn(shortcut, own).includes(pressed))?.id;
}

/** The first keys of a command, as they are shown beside it. */
export function keysOf(id: string): string | undefined {
  const shortcut = shortcuts.find((candidate) => candidate.id === id);
  const keys = shortcut && keysIn(shortcut, useKeymap.getState().own)[0];
  return keys && showKeys(keys);
}

/** A name with its keys behind it. */
export function withKeys(text: string, id: ShortcutId): string {
  const keys = keysOf(id);
  return keys ? `${text} (${keys})` : text;
}
