/** Every key the editor knows, for the table in the settings and for the editor's own listener. */
export interface Shortcut {
  id: string;
  label: string;
  /** `Mod` is Ctrl, or Cmd on a Mac. */
  keys: readonly string[];
}

export const shortcuts = [
  { id: "search", label: "Search components", keys: ["/"] },
  { id: "palette", label: "Command palette", keys: ["Mod+P"] },
  { id: "playground", label: "Open or close the Playground", keys: ["Mod+K"] },
  { id: "sidebar", label: "Show or hide the sidebar", keys: ["Mod+B"] },
  { id: "inspector", label: "Parameters of the selected component", keys: ["Mod+Shift+A"] },
  { id: "code", label: "Code of the selected component", keys: ["Space"] },
  { id: "minimise", label: "Minimise or expand the selected component", keys: ["Mod+."] },
  { id: "copy", label: "Copy", keys: ["Mod+C"] },
  { id: "cut", label: "Cut", keys: ["Mod+X"] },
  { id: "paste", label: "Paste", keys: ["Mod+V"] },
  { id: "duplicate", label: "Duplicate", keys: ["Mod+D"] },
  { id: "group", label: "Group the selected components", keys: ["Mod+G"] },
  { id: "ungroup", label: "Ungroup", keys: ["Mod+Shift+G"] },
  { id: "selectAll", label: "Select all", keys: ["Mod+A"] },
  { id: "delete", label: "Delete", keys: ["Backspace", "Delete"] },
  { id: "undo", label: "Undo", keys: ["Mod+Z"] },
  { id: "redo", label: "Redo", keys: ["Mod+Y", "Mod+Shift+Z"] },
  { id: "save", label: "Save now", keys: ["Mod+S"] },
  { id: "saveComponent", label: "Save the selected component for other flows", keys: ["Mod+Alt+S"] },
  { id: "update", label: "Update the selected component", keys: ["Mod+U"] },
  { id: "run", label: "Run to the selected component", keys: ["P"] },
  { id: "runFrom", label: "Run from the selected component", keys: ["Shift+P"] },
  { id: "runFlow", label: "Run the whole flow", keys: ["Mod+Enter"] },
  { id: "output", label: "Output of the selected component", keys: ["O"] },
  { id: "api", label: "API access", keys: ["R"] },
  { id: "share", label: "Export and public link", keys: ["Mod+Shift+B"] },
  { id: "freeze", label: "Freeze the selected component and what feeds it", keys: ["Mod+Shift+F"] },
  { id: "tool", label: "Tool mode of the selected component", keys: ["Mod+Shift+M"] },
  { id: "download", label: "Download the flow", keys: ["Mod+J"] },
  { id: "docs", label: "Documentation of the selected component", keys: ["Mod+Shift+D"] },
  { id: "zoomIn", label: "Zoom in", keys: ["Mod++", "Mod+="] },
  { id: "zoomOut", label: "Zoom out", keys: ["Mod+-"] },
  { id: "zoom100", label: "Zoom to 100 %", keys: ["Mod+0"] },
  { id: "fit", label: "Fit the flow into view", keys: ["Mod+1"] },
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

const byKeys = new Map<string, ShortcutId>(
  shortcuts.flatMap(({ id, keys }) => keys.map((key): [string, ShortcutId] => [key, id])),
);

export function shortcutOf(event: KeyPress): ShortcutId | undefined {
  return byKeys.get(spell(event));
}

/** Whether keys are being typed into something, so that they are no commands. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return (
    target.isContentEditable ||
    target.matches("input, textarea, select, [role=textbox]") ||
    target.closest("[role=dialog]") !== null
  );
}
