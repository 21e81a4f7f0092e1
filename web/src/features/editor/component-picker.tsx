import { useMemo, useState } from "react";
import { ComponentIcon } from "@/canvas/icons";
import { type Entry, nameOf, searchEntries } from "@/flow/catalogue";
import { useView, view } from "@/stores/view";
import { Input } from "@/ui/form";
import { addComponent } from "./add";
import { t } from "./messages";
import { useCatalogue, useDefaults } from "./use-catalogue";

/** Shown where an edge was dropped on the empty canvas. */
export function ComponentPicker() {
  const picker = useView((state) => state.picker);
  const catalogue = useCatalogue().data;
  const defaults = useDefaults();
  const [text, setText] = useState("");
  const found = useMemo(
    () =>
      picker
        ? searchEntries(catalogue ?? [], { text, legacy: false, beta: true, fits: picker.filter }).found.slice(0, 40)
        : [],
    [catalogue, picker, text],
  );
  if (!picker) return null;
  const close = () => {
    setText("");
    view().set({ picker: undefined });
  };
  const add = (entry: Entry) => {
    addComponent(entry, picker.flow, defaults, { nodeId: picker.nodeId, handle: picker.handle, wanted: picker.filter });
    close();
  };
  return (
    <div
      role="dialog"
      aria-label={t.componentsThatFit}
      className="fixed z-30 w-64 rounded-lg border border-line bg-surface p-2 shadow-card"
      style={{ left: Math.min(picker.screen.x, innerWidth - 270), top: Math.min(picker.screen.y, innerHeight - 340) }}
      onKeyDown={(event) => (event.key === "Escape" ? close() : undefined)}
    >
      <Input
        autoFocus
        aria-label={t.searchComponentsThatFit}
        placeholder={`${picker.filter.wants === "source" ? t.gives : t.takes} ${picker.filter.types.join(", ")}`}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => (event.key === "Enter" && found[0] ? add(found[0]) : undefined)}
      />
      <ul className="mt-2 max-h-64 overflow-y-auto">
        {found.map((entry) => (
          <li key={`${entry.category}/${entry.type}`}>
            <button
              type="button"
              className="flex w-full items-center gap-2 rounded-md px-2 py-1.5 text-left text-[13px] hover:bg-sunken"
              onClick={() => add(entry)}
            >
              <ComponentIcon name={entry.def.icon} label={nameOf(entry)} size={15} />{" "}
              <span className="truncate">{nameOf(entry)}</span>
            </button>
          </li>
        ))}
        {found.length === 0 ? <li className="px-2 py-1.5 text-sm text-ink-soft">{t.nothingFitsHere}</li> : null}
      </ul>
    </div>
  );
}
