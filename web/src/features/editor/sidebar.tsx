import { ChevronRight, Plus, Search, SlidersHorizontal, X } from "lucide-react";
import { type KeyboardEvent, useDeferredValue, useMemo, useState } from "react";
import { describe } from "@/api/client";
import { ComponentIcon } from "@/canvas/icons";
import { type Entry, type Group, groupEntries, nameOf, searchEntries } from "@/flow/catalogue";
import { anyOf } from "@/flow/validate";
import { useView, view } from "@/stores/view";
import { IconButton } from "@/ui/button";
import { Input, Switch } from "@/ui/form";
import { Failed, Skeleton } from "@/ui/skeleton";
import { cn } from "@/util/cn";
import { addComponent, besideNode, middle } from "./add";
import { t } from "./messages";
import { useDefaults, usePalette } from "./use-catalogue";

export const DRAG_TYPE = "application/x-langflow-component";

/** The palette: categories, search, and a filter by what fits a handle. */
export function Sidebar() {
  const catalogue = usePalette();
  const filter = useView((state) => state.filter);
  const [search, setSearch] = useState("");
  const [legacy, setLegacy] = useState(false);
  const [beta, setBeta] = useState(true);
  const [isOptions, setIsOptions] = useState(false);
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const text = useDeferredValue(search);
  const { found, hidden } = useMemo(
    () => searchEntries(catalogue.entries, { text, legacy, beta, fits: filter }),
    [catalogue.entries, text, legacy, beta, filter],
  );
  const groups = useMemo(() => groupEntries(found), [found]);
  const isNarrowed = text.trim() !== "" || filter !== undefined;
  const defaults = useDefaults();
  const add = (entry: Entry) => {
    // On a phone it lies over the place where the component goes.
    if (innerWidth < 768) view().set({ sidebar: false });
    const from = filter?.from;
    if (!filter || !from) return void addComponent(entry, middle(), defaults);
    const made = addComponent(entry, besideNode(from.nodeId, filter.wants), defaults, { ...from, wanted: filter });
    if (made) view().set({ filter: undefined });
  };
  const addFirst = (event: KeyboardEvent) => {
    const first = found[0];
    if (event.key === "Enter" && isNarrowed && first) add(first);
  };
  const toggle = (key: string) => {
    const next = new Set(open);
    if (!next.delete(key)) next.add(key);
    setOpen(next);
  };
  const hiddenCount = hidden.legacy + hidden.beta;

  return (
    <aside
      data-testid="shad-sidebar"
      aria-label={t.components}
      className="absolute inset-y-0 left-0 z-20 flex w-64 shrink-0 flex-col border-r border-line bg-surface max-md:shadow-card md:static"
    >
      <div className="grid gap-2 border-b border-line p-3">
        <div className="flex gap-1">
          <div className="relative flex-1">
            <Search size={15} aria-hidden="true" className="absolute left-2.5 top-2.5 text-ink-soft" />
            <Input
              type="search"
              id="sidebar-search"
              data-testid="sidebar-search-input"
              aria-label={t.searchComponents}
              placeholder={t.search}
              className="pl-8"
              value={search}
              onChange={(event) => setSearch(event.target.value)}
              onKeyDown={addFirst}
            />
          </div>
          <IconButton
            label={t.showBetaAndLegacy}
            data-testid="sidebar-options-trigger"
            aria-expanded={isOptions}
            onClick={() => setIsOptions(!isOptions)}
          >
            <SlidersHorizontal size={15} aria-hidden="true" />
          </IconButton>
          <IconButton label={t.closeTheSidebar} className="md:hidden" onClick={() => view().set({ sidebar: false })}>
            <X size={16} aria-hidden="true" />
          </IconButton>
        </div>
        {isOptions ? (
          <div className="grid gap-2 rounded-lg bg-sunken p-2 text-[13px]">
            <span className="flex items-center justify-between">
              {t.beta}
              <Switch testId="sidebar-beta-switch" label={t.showBetaComponents} checked={beta} onChange={setBeta} />
            </span>
            <span className="flex items-center justify-between">
              {t.legacy}
              <Switch
                testId="sidebar-legacy-switch"
                label={t.showLegacyComponents}
                checked={legacy}
                onChange={setLegacy}
              />
            </span>
          </div>
        ) : null}
        {filter ? (
          <button
            type="button"
            data-testid="sidebar-filter-reset"
            className="flex items-center gap-1.5 rounded-full bg-accent-soft px-2.5 py-1 text-left text-[13px] text-accent"
            onClick={() => view().set({ filter: undefined })}
          >
            <span className="min-w-0 flex-1 truncate">
              {filter.wants === "source" ? t.gives : t.takes} {anyOf(filter.types)}
            </span>
            <X size={13} aria-label={t.removeTheFilter} role="img" />
          </button>
        ) : null}
      </div>
      <div className="min-h-0 flex-1 overflow-y-auto p-2">
        {catalogue.isPending ? <Skeleton rows={8} label={t.loadingComponents} /> : null}
        {catalogue.isError ? <Failed text={describe(catalogue.error)} retry={() => void catalogue.refetch()} /> : null}
        <GroupList
          groups={groups.filter((group) => !group.isBundle)}
          isNarrowed={isNarrowed}
          open={open}
          onToggle={toggle}
          onAdd={add}
        />
        {groups.some((group) => group.isBundle) ? (
          <h2 className="px-2 pb-1 pt-3 text-xs font-semibold text-ink-soft">{t.bundles}</h2>
        ) : null}
        <GroupList
          groups={groups.filter((group) => group.isBundle)}
          isNarrowed={isNarrowed}
          open={open}
          onToggle={toggle}
          onAdd={add}
        />
        {catalogue.data && found.length === 0 ? (
          <p className="p-3 text-sm text-ink-soft">{t.noComponentMatches}</p>
        ) : null}
        {isNarrowed && hiddenCount > 0 ? (
          <button
            type="button"
            className="w-full rounded-lg p-2 text-left text-[13px] text-accent hover:bg-sunken"
            onClick={() => {
              setLegacy(legacy || hidden.legacy > 0);
              setBeta(beta || hidden.beta > 0);
            }}
          >
            {t.hidden(hiddenCount)} {hiddenCount === 1 ? t.match : t.matches} {t.legacyOrBetaShow}
          </button>
        ) : null}
      </div>
    </aside>
  );
}

interface GroupListProps {
  groups: Group[];
  isNarrowed: boolean;
  open: ReadonlySet<string>;
  onToggle: (key: string) => void;
  onAdd: (entry: Entry) => void;
}

function GroupList({ groups, isNarrowed, open, onToggle, onAdd }: GroupListProps) {
  return groups.map((group) => {
    const isOpen = isNarrowed || open.has(group.key);
    return (
      <section key={group.key} aria-label={group.title}>
        <button
          type="button"
          aria-expanded={isOpen}
          data-testid={`disclosure-${group.isBundle ? "bundles-" : ""}${group.title.toLowerCase()}`}
          className="flex w-full items-center gap-2 rounded-lg px-2 py-2 text-left text-sm hover:bg-sunken"
          onClick={() => onToggle(group.key)}
        >
          <ComponentIcon name={group.icon} label={group.title} size={16} />
          <span className="flex-1 truncate">{group.title}</span>
          <ChevronRight size={14} aria-hidden="true" className={cn("transition-transform", isOpen && "rotate-90")} />
        </button>
        {isOpen ? (
          <ul className="grid gap-1 py-1 pl-1">
            {group.entries.map((entry) => (
              <Row key={`${entry.category}/${entry.type}/${nameOf(entry)}`} entry={entry} onAdd={onAdd} />
            ))}
          </ul>
        ) : null}
      </section>
    );
  });
}

const slug = (text: string) => text.toLowerCase().replaceAll(/\s+/g, "-");

function Row({ entry, onAdd }: { entry: Entry; onAdd: (entry: Entry) => void }) {
  const name = nameOf(entry);
  return (
    <li
      draggable
      data-testid={`${entry.category}_${name.toLowerCase()}_draggable`}
      onDragStart={(event) => {
        event.dataTransfer.setData(DRAG_TYPE, `${entry.category}/${entry.type}/${name}`);
        event.dataTransfer.effectAllowed = "copy";
        view().set({ dragged: entry.def });
      }}
      onDragEnd={() => view().set({ dragged: undefined, dropEdge: undefined })}
      className="group flex items-center rounded-lg border border-line bg-surface hover:border-line-strong"
    >
      <button
        type="button"
        data-testid={`${entry.category}${name}`}
        title={entry.def.description}
        className="flex min-w-0 flex-1 cursor-grab items-center gap-2 px-2 py-1.5 text-left text-[13px]"
        onDoubleClick={() => onAdd(entry)}
        onKeyDown={(event) => (event.key === "Enter" ? onAdd(entry) : undefined)}
      >
        <ComponentIcon name={entry.def.icon} label={name} size={15} />
        <span className="min-w-0 flex-1 truncate">{name}</span>
        {entry.def.beta ? <span className="rounded bg-accent-soft px-1 text-[11px] text-accent">{t.beta}</span> : null}
        {entry.def.legacy ? <span className="rounded bg-warn-soft px-1 text-[11px] text-warn">{t.legacy}</span> : null}
      </button>
      <button
        type="button"
        data-testid={`add-component-button-${slug(name)}`}
        aria-label={t.add(name)}
        title={t.add(name)}
        className="p-2 text-ink-soft hover:text-ink"
        onClick={() => onAdd(entry)}
      >
        <Plus size={14} aria-hidden="true" />
      </button>
    </li>
  );
}
