/** Commands of the editor: one object each, for keys, menus, toolbar and the command palette alike. */
import { type FlowNode, isNote } from "@/flow/document";
import { freeze, minimise } from "@/flow/flags";
import { group, isGroup, ungroup } from "@/flow/groups";
import { tidy } from "@/flow/layout";
import { addNote, moveNodes, removeItems } from "@/flow/ops";
import { canSetValues, onlySelected, selectedNodes, useEditor } from "@/stores/editor";
import { toast } from "@/stores/toast";
import { view } from "@/stores/view";
import { goInside } from "./look-inside";
import { t } from "./messages";
import type { ShortcutId } from "./shortcuts";

export interface Command {
  id:
    | ShortcutId
    | "lookInside"
    | "note"
    | "tidy"
    | "details"
    | "versions"
    | "traces"
    | "stop"
    | "lock"
    | "minimap"
    | "minimiseAll";
  label: string;
  /** Whether it makes sense now. */
  isEnabled?: () => boolean;
  run: () => void;
}

/** What commands need that belongs to features above this layer. */
export interface Services {
  save: () => void;
  run: (where: { stopAt?: string | undefined; startAt?: string | undefined }) => void;
  stop: () => void;
  saveComponent: (node: FlowNode) => void;
  update: (node: FlowNode) => void;
  lock: () => void;
  copy: (cut: boolean) => void;
  paste: () => void;
  duplicate: () => void;
  download: () => void;
  toolMode: (node: FlowNode) => void;
  editCode: (node: FlowNode) => void;
  middle: () => { x: number; y: number };
}

const editor = () => useEditor.getState();
const one = () => onlySelected(editor().document);
const hasOne = () => one()?.type === "genericNode";
const hasAny = () =>
  editor().document.nodes.some((node) => node.selected) || editor().document.edges.some((edge) => edge.selected);
const canChange = () => !editor().readOnly;
const isRunning = () => editor().run.phase === "running";
const canRunOne = () => hasOne() && !isRunning();
const hasGroup = () => {
  const node = one();
  return node !== undefined && isGroup(node);
};

export function makeCommands(services: Services): Command[] {
  const withOne = (act: (node: FlowNode) => void) => () => {
    const node = one();
    if (node?.type === "genericNode") act(node);
  };
  return [
    { id: "search", label: t.searchComponents, run: searchComponents },
    { id: "palette", label: t.commandPalette, run: () => view().set({ commands: !view().commands }) },
    {
      id: "playground",
      label: t.openOrCloseThePlayground,
      run: () => view().set({ playground: !view().playground }),
    },
    { id: "sidebar", label: t.showOrHideTheSidebar, run: () => view().set({ sidebar: !view().sidebar }) },
    { id: "inspector", label: t.parameters, isEnabled: hasOne, run: () => openInspector("settings") },
    { id: "output", label: t.showTheOutput, isEnabled: hasOne, run: () => openInspector("output") },
    { id: "code", label: t.code, isEnabled: hasOne, run: withOne(services.editCode) },
    { id: "run", label: t.runToHere, isEnabled: canRunOne, run: () => services.run({ stopAt: one()?.id }) },
    { id: "runFrom", label: t.runFromHere, isEnabled: canRunOne, run: () => services.run({ startAt: one()?.id }) },
    {
      id: "runFlow",
      label: t.runTheWholeFlow,
      isEnabled: () => editor().document.nodes.length > 0 && !isRunning(),
      run: () => services.run({}),
    },
    { id: "stop", label: t.stopTheRun, isEnabled: isRunning, run: services.stop },
    {
      id: "group",
      label: t.group,
      isEnabled: () => canChange() && selectedNodes(editor().document).filter((node) => !isNote(node)).length > 1,
      run: groupSelected,
    },
    {
      id: "ungroup",
      label: t.ungroup,
      isEnabled: () => canChange() && hasGroup(),
      run: withOne((node) => editor().change((document) => ungroup(document, node.id))),
    },
    {
      id: "lookInside",
      label: t.lookInside,
      // Not in an older version: the way back leads to the flow as it is now.
      isEnabled: () => hasGroup() && (!editor().shelved || editor().shelved?.inside !== undefined),
      run: withOne((node) => goInside([...(editor().shelved?.inside ?? []), node.id])),
    },
    {
      id: "saveComponent",
      label: t.saveForOtherFlows,
      isEnabled: hasOne,
      run: withOne(services.saveComponent),
    },
    {
      id: "update",
      label: t.updateToTheNewestDefinition,
      isEnabled: () => hasOne() && canChange() && !hasGroup(),
      run: withOne(services.update),
    },
    { id: "lock", label: t.lockOrUnlockTheFlow, run: services.lock },
    {
      id: "minimise",
      label: t.minimiseOrExpand,
      isEnabled: () => hasAny() && canChange(),
      run: () =>
        editor().change((document) =>
          minimise(
            document,
            selectedNodes(document).map((node) => node.id),
          ),
        ),
    },
    { id: "copy", label: t.copy, isEnabled: hasAny, run: () => services.copy(false) },
    { id: "cut", label: t.cut, isEnabled: () => hasAny() && canChange(), run: () => services.copy(true) },
    { id: "paste", label: t.paste, isEnabled: canChange, run: services.paste },
    { id: "duplicate", label: t.duplicate, isEnabled: () => hasAny() && canChange(), run: services.duplicate },
    { id: "delete", label: t.deleteText, isEnabled: () => hasAny() && canChange(), run: removeSelected },
    {
      id: "undo",
      label: t.undo,
      isEnabled: () => canSetValues(editor()) && editor().history.past.length > 0,
      run: () => sayWhere(editor().undo()),
    },
    {
      id: "redo",
      label: t.redo,
      isEnabled: () => canSetValues(editor()) && editor().history.future.length > 0,
      run: () => sayWhere(editor().redo()),
    },
    { id: "save", label: t.saveNow, run: services.save },
    { id: "api", label: t.apiAccess, run: () => view().set({ dialog: "api" }) },
    {
      id: "freeze",
      label: t.freezeOrThawThePath,
      isEnabled: () => hasOne() && canChange(),
      run: withOne((node) => editor().change((document) => freeze(document, node.id, !node.data.node.frozen))),
    },
    {
      id: "tool",
      label: t.toolMode,
      isEnabled: () => hasOne() && canChange() && !hasGroup(),
      run: withOne(services.toolMode),
    },
    { id: "download", label: t.downloadTheFlow, run: services.download },
    { id: "docs", label: t.documentation, isEnabled: hasOne, run: withOne(openDocs) },
    { id: "zoomIn", label: t.zoomIn, run: () => void view().instance?.zoomIn({ duration: 120 }) },
    { id: "zoomOut", label: t.zoomOut, run: () => void view().instance?.zoomOut({ duration: 120 }) },
    { id: "zoom100", label: t.zoomTo100, run: () => void view().instance?.zoomTo(1, { duration: 120 }) },
    {
      id: "fit",
      label: t.fitTheFlowIntoView,
      run: () => void view().instance?.fitView({ padding: 0.15, maxZoom: 1, duration: 200 }),
    },
    {
      id: "note",
      label: t.addANote,
      isEnabled: canChange,
      run: () => editor().change((document) => addNote(document, services.middle()).document),
    },
    {
      id: "tidy",
      label: t.tidyUp,
      isEnabled: () => canChange() && editor().document.nodes.length > 1,
      run: () => {
        editor().change((document) => moveNodes(document, tidy(document)));
        setTimeout(() => void view().instance?.fitView({ padding: 0.15, maxZoom: 1, duration: 250 }), 30);
      },
    },
    {
      id: "selectAll",
      label: t.selectAll,
      run: () => editor().select(editor().document.nodes.map((node) => node.id)),
    },
    {
      id: "minimiseAll",
      label: t.minimiseOrExpandAll,
      isEnabled: canChange,
      run: () =>
        editor().change((document) =>
          minimise(
            document,
            document.nodes.map((node) => node.id),
          ),
        ),
    },
    { id: "minimap", label: t.showOrHideTheMap, run: () => view().set({ minimap: !view().minimap }) },
    { id: "details", label: t.flowDetails, run: () => view().set({ dialog: "details" }) },
    { id: "versions", label: t.versions, run: () => view().set({ dialog: "versions" }) },
    { id: "traces", label: t.traces, run: () => view().set({ dialog: "traces" }) },
    { id: "share", label: t.exportAndPublicLink, run: () => view().set({ dialog: "export" }) },
  ];
}

/** A step on the flow is not seen from the inside of a group. */
function sayWhere(isSeen: boolean) {
  if (!isSeen && editor().shelved) toast.info(t.thatStepWasOutside);
}

function searchComponents() {
  view().set({ sidebar: true });
  setTimeout(() => document.getElementById("sidebar-search")?.focus(), 0);
}

function groupSelected() {
  const { document, change } = editor();
  const made = group(
    document,
    selectedNodes(document).map((node) => node.id),
  );
  if (made.ok) change(() => made.document);
  else toast.info(made.reason);
}

function openInspector(tab: "settings" | "output") {
  const { inspector, inspectorTab } = view();
  view().set({ inspector: !(inspector && inspectorTab === tab), inspectorTab: tab });
}

function removeSelected() {
  editor().change((document) =>
    removeItems(
      document,
      new Set(selectedNodes(document).map((node) => node.id)),
      new Set(document.edges.filter((edge) => edge.selected).map((edge) => edge.id)),
    ),
  );
}

function openDocs(node: FlowNode) {
  const address = node.data.node.documentation ?? "";
  if (/^https?:\/\//.test(address)) window.open(address, "_blank", "noreferrer");
  else toast.info(t.thisComponentHasNoDocumentation);
}
