/** Every key the editor knows, for the table in the settings and for the editor's own listener. */
import { t } from "./messages";
export interface Shortcut {
  id: string;
  label: string;
  /** `Mod` is Ctrl, or Cmd on a Mac. */
  keys: readonly string[];
}

export const shortcuts = [
  { id: "search", label: t.searchComponents, keys: ["/"] },
  { id: "palette", label: t.commandPalette, keys: ["Mod+P"] },
  { id: "playground", label: t.openOrCloseThePlayground, keys: ["Mod+K"] },
  { id: "sidebar", label: t.showOrHideTheSidebar, keys: ["Mod+B"] },
  { id: "inspector", label: t.parametersOfTheSelectedComponent, keys: ["Mod+Shift+A"] },
  { id: "code", label: t.codeOfTheSelectedComponent, keys: ["Space"] },
  { id: "minimise", label: t.minimiseOrExpandTheSelected, keys: ["Mod+."] },
  { id: "copy", label: t.copy, keys: ["Mod+C"] },
  { id: "cut", label: t.cut, keys: ["Mod+X"] },
  { id: "paste", label: t.paste, keys: ["Mod+V"] },
  { id: "duplicate", label: t.duplicate, keys: ["Mod+D"] },
  { id: "group", label: t.groupTheSelectedComponents, keys: ["Mod+G"] },
  { id: "ungroup", label: t.ungroup, keys: ["Mod+Shift+G"] },
  { id: "selectAll", label: t.selectAll, keys: ["Mod+A"] },
  { id: "delete", label: t.deleteText, keys: ["Backspace", "Delete"] },
  { id: "undo", label: t.undo, keys: ["Mod+Z"] },
  { id: "redo", label: t.redo, keys: ["Mod+Y", "Mod+Shift+Z"] },
  { id: "save", label: t.saveNow, keys: ["Mod+S"] },
  { id: "saveComponent", label: t.saveTheSelectedComponentFor, keys: ["Mod+Alt+S"] },
  { id: "update", label: t.updateTheSelectedComponent, keys: ["Mod+U"] },
  { id: "run", label: t.runToTheSelectedComponent, keys: ["P"] },
  { id: "runFrom", label: t.runFromTheSelectedComponent, keys: ["Shift+P"] },
  { id: "runFlow", label: t.runTheWholeFlow, keys: ["Mod+Enter"] },
  { id: "output", label: t.outputOfTheSelectedComponent, keys: ["O"] },
  { id: "api", label: t.apiAccess, keys: ["R"] },
  { id: "share", label: t.exportAndPublicLink, keys: ["Mod+Shift+B"] },
  { id: "freeze", label: t.freezeTheSelectedComponentAnd, keys: ["Mod+Shift+F"] },
  { id: "tool", label: t.toolModeOfTheSelected, keys: ["Mod+Shift+M"] },
  { id: "download", label: t.downloadTheFlow, keys: ["Mod+J"] },
  { id: "docs", label: t.documentationOfTheSelectedComponent, keys: ["Mod+Shift+D"] },
  { id: "zoomIn", label: t.zoomIn, keys: ["Mod++", "Mod+="] },
  { id: "zoomOut", label: t.zoomOut, keys: ["Mod+-"] },
  { id: "zoom100", label: t.zoomTo100, keys: ["Mod+0"] },
  { id: "fit", label: t.fitTheFlowIntoView, keys: ["Mod+1"] },
] as const satisfies readonly Shortcut[];

export type ShortcutId = (typeof shortcuts)[number]["id"];

export interface KeyPress {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  shiftKey: boolean;
  altKey: boolean;
}

/** A key press in the table's spelling: `Mod+Shift+F`. */
export function spell(event: KeyPress): string {
  const key = event.key === " " ? "Space" : event.key.length === 1 ? event.key.toUpperCase() : event.key;
  const mod = event.ctrlKey || event.metaKey ? "Mod+" : "";
  // Shift belongs to the name of a letter; for signs it is how they are typed.
  const shift = event.shiftKey && /^[A-Z]$/.test(key) ? "Shift+" : "";
  return `${mod}${event.altKey ? "Alt+" : ""}${shift}${key}`;
}

/** Keys that a person chose instead of the usual ones. */
export type OwnKeys = Partial<Record<string, readonly string[]>>;

export const keysIn = (shortcut: Shortcut, own: OwnKeys): readonly string[] => own[shortcut.id] ?? shortcut.keys;

/** Who else answers to these keys. */
export function takenBy(keys: string, id: string, own: OwnKeys): Shortcut | undefined {
  return shortcuts.find((shortcut) => shortcut.id !== id && keysIn(shortcut, own).includes(keys));
}

/** Keys that are pressed only to hold others, and those that pages need to get about. */
const unfit = /(^|\+)(Control|Shift|Alt|Meta|Tab|Escape|Enter|Dead|Process|Unidentified|F\d+)$/;

/** Whether these keys can be given to a command. */
export const isFit = (keys: string) => !unfit.test(keys) || keys === "Mod+Enter";

/** What people call the keys on their keyboard. */
export const showKeys = (keys: string) => keys.replace("Mod", isMac ? "⌘" : "Ctrl");

const isMac = typeof navigator === "object" && /Mac|iPhone|iPad/.test(navigator.userAgent);

/** Whether keys are being typed into something, so that they are no commands. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return (
    target.isContentEditable ||
    target.matches("input, textarea, select, [role=textbox]") ||
    target.closest("[role=dialog]") !== null
  );
}
