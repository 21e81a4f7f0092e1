import { DropdownMenu } from "radix-ui";
import type { Command } from "@/actions/commands";
import { keysOf } from "@/actions/keymap";
import { removeItems } from "@/flow/ops";
import { selectedNodes, useEditor } from "@/stores/editor";
import { useView, view } from "@/stores/view";
import { type MenuItem, MenuItems, menuLook } from "@/ui/menu";
import { t } from "./messages";

const ofNode: Command["id"][] = [
  "run",
  "runFrom",
  "code",
  "inspector",
  "output",
  "duplicate",
  "copy",
  "minimise",
  "freeze",
  "tool",
  "lookInside",
  "ungroup",
  "saveComponent",
  "update",
  "docs",
  "delete",
];
/** Said of groups alone. */
const ofGroup = new Set<Command["id"]>(["lookInside", "ungroup"]);
const ofMany: Command["id"][] = ["group", "duplicate", "copy", "cut", "minimise", "delete"];
const ofCanvas: Command["id"][] = ["search", "runFlow", "paste", "note", "tidy", "selectAll", "fit", "undo", "redo"];

/** Right-click: on a node, an edge, or the canvas. */
export function ContextMenu({ commands }: { commands: Command[] }) {
  const menu = useView((state) => state.menu);
  if (!menu) return null;
  const isMany = selectedNodes(useEditor.getState().document).length > 1;
  const close = () => view().set({ menu: undefined });
  const items = menu.edgeId
    ? [deleteEdge(menu.edgeId)]
    : fromCommands(commands, menu.nodeId ? (isMany ? ofMany : ofNode) : ofCanvas);
  return (
    <DropdownMenu.Root open modal={false} onOpenChange={(isOpen) => (isOpen ? undefined : close())}>
      <DropdownMenu.Trigger asChild>
        <span aria-hidden="true" className="fixed h-0 w-0" style={{ left: menu.screen.x, top: menu.screen.y }} />
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          align="start"
          className={menuLook}
          data-testid={menu.edgeId ? "edge-context-menu-trigger" : "context-menu"}
          aria-label={t.actions}
        >
          <MenuItems items={items} />
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

function fromCommands(commands: Command[], ids: Command["id"][]): MenuItem[] {
  return ids.flatMap((id) => {
    const command = commands.find((candidate) => candidate.id === id);
    if (!command || (ofGroup.has(id) && command.isEnabled?.() === false)) return [];
    const keys = keysOf(id);
    return [
      {
        label: command.label,
        onSelect: () => setTimeout(command.run, 0),
        disabled: command.isEnabled?.() === false,
        danger: id === "delete",
        line: id === "delete",
        ...(keys ? { keys } : {}),
        testId: `context-menu-${id}`,
      },
    ];
  });
}

function deleteEdge(id: string): MenuItem {
  return {
    label: t.deleteText,
    danger: true,
    testId: "context-menu-item-destructive",
    onSelect: () => useEditor.getState().change((document) => removeItems(document, new Set(), new Set([id]))),
  };
}
