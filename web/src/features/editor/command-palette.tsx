import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { type KeyboardEvent, useMemo, useState } from "react";
import type { Command } from "@/actions/commands";
import { keysOf } from "@/actions/keymap";
import { showNode } from "@/actions/show-node";
import { headersQuery } from "@/api/queries";
import { nameOf, searchEntries } from "@/flow/catalogue";
import { isNote } from "@/flow/document";
import { nameOf as nodeName } from "@/flow/validate";
import { useEditor } from "@/stores/editor";
import { useView, view } from "@/stores/view";
import { Dialog } from "@/ui/dialog";
import { Input } from "@/ui/form";
import { cn } from "@/util/cn";
import { addComponent, middle } from "./add";
import { t } from "./messages";
import { useCatalogue, useDefaults } from "./use-catalogue";

interface Choice {
  key: string;
  group: string;
  label: string;
  keys?: string | undefined;
  run: () => void;
}

const LIMIT = 8;

/** One box for everything: actions, nodes of this flow, components, other flows. */
export function CommandPalette({ commands }: { commands: Command[] }) {
  const isOpen = useView((state) => state.commands);
  return isOpen ? <Palette commands={commands} /> : null;
}

function Palette({ commands }: { commands: Command[] }) {
  const [text, setText] = useState("");
  const [at, setAt] = useState(0);
  const choices = useChoices(commands, text);
  const close = () => view().set({ commands: false });
  const pick = (choice: Choice | undefined) => {
    close();
    if (choice) setTimeout(choice.run, 0);
  };
  const press = (event: KeyboardEvent) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : -1;
      setAt((now) => (now + step + choices.length) % Math.max(choices.length, 1));
    } else if (event.key === "Enter") {
      event.preventDefault();
      pick(choices[at]);
    }
  };
  return (
    <Dialog open onClose={close} title={t.goToOrDo} size="md">
      <Input
        autoFocus
        role="combobox"
        aria-expanded="true"
        aria-controls="palette-choices"
        aria-activedescendant={choices[at] ? `palette-${at}` : undefined}
        aria-label={t.searchActionsComponentsNodesAnd}
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          setAt(0);
        }}
        onKeyDown={press}
      />
      <div id="palette-choices" role="listbox" aria-label={t.choices} className="mt-3 max-h-80 overflow-y-auto">
        {choices.map((choice, index) => (
          <div
            key={choice.key}
            id={`palette-${index}`}
            role="option"
            tabIndex={-1}
            aria-selected={index === at}
            onClick={() => pick(choice)}
            onKeyDown={() => undefined}
            className={cn(
              "flex cursor-pointer items-center gap-2 rounded-md px-2 py-1.5 text-sm",
              index === at && "bg-sunken",
            )}
          >
            <span className="w-24 shrink-0 text-xs text-ink-soft">{choice.group}</span>
            <span className="min-w-0 flex-1 truncate">{choice.label}</span>
            {choice.keys ? <kbd className="text-xs text-ink-soft">{choice.keys}</kbd> : null}
          </div>
        ))}
        {choices.length === 0 ? <p className="p-3 text-sm text-ink-soft">{t.nothingFound}</p> : null}
      </div>
    </Dialog>
  );
}

function useChoices(commands: Command[], text: string): Choice[] {
  const nodes = useEditor((state) => state.document.nodes);
  const catalogue = useCatalogue().data;
  const flows = useQuery(headersQuery).data;
  const defaults = useDefaults();
  const navigate = useNavigate();
  return useMemo(() => {
    const wanted = text.trim().toLowerCase();
    const matches = (label: string) => label.toLowerCase().includes(wanted);
    const actions = commands
      .filter((command) => matches(command.label) && command.isEnabled?.() !== false && command.id !== "palette")
      .map(
        (command): Choice => ({
          key: command.id,
          group: t.action,
          label: command.label,
          keys: keysOf(command.id),
          run: command.run,
        }),
      );
    if (!wanted) return actions;
    const found = nodes
      .filter((node) => !isNote(node) && matches(nodeName(node)))
      .map(
        (node): Choice => ({
          key: node.id,
          group: t.inThisFlow,
          label: nodeName(node),
          run: () => showNode(node.id),
        }),
      );
    const components = searchEntries(catalogue ?? [], { text, legacy: false, beta: true, fits: undefined })
      .found.slice(0, LIMIT)
      .map(
        (entry): Choice => ({
          key: `${entry.category}/${entry.type}`,
          group: t.addAComponent,
          label: nameOf(entry),
          run: () => addComponent(entry, middle(), defaults),
        }),
      );
    const others = (flows ?? [])
      .filter((flow) => !flow.is_component && matches(flow.name))
      .slice(0, LIMIT)
      .map(
        (flow): Choice => ({
          key: flow.id,
          group: t.flow,
          label: flow.name,
          run: () => void navigate({ to: "/flow/$flowId", params: { flowId: flow.id } }),
        }),
      );
    return [...actions.slice(0, LIMIT), ...found.slice(0, LIMIT), ...components, ...others];
  }, [commands, text, nodes, catalogue, flows, defaults, navigate]);
}
