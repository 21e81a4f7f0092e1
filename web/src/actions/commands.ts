/** Commands of the editor: one object each, for keys, menus, toolbar and the command palette alike. */
import { type FlowNode, isNote } from "@/flow/document";
import { freeze, minimise } from "@/flow/flags";
import { group, isGroup, ungroup } from "@/flow/groups";
import { tidy } from "@/flow/layout";
import { addNote, moveNodes, removeItems } from "@/flow/ops";
import { onlySelected, selectedNodes, useEditor } from "@/stores/editor";
import { toast } from "@/stores/toast";
import { view } from "@/stores/view";
import type { ShortcutId } from "./shortcuts";

export interface Command {
  id: ShortcutId | "note" | "tidy" | "details" | "versions" | "traces" | "stop" | "lock" | "minimap" | "minimiseAll";
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
    { id: "search", label: "Search components", run: searchComponents },
    { id: "palette", label: "Command palette", run: () => view().set({ commands: !view().commands }) },
    {
      id: "playground",
      label: "Open or close the Playground",
      run: () => view().set({ playground: !view().playground }),
    },
    { id: "sidebar", label: "Show or hide the sidebar", run: () => view().set({ sidebar: !view().sidebar }) },
    { id: "inspector", label: "Parameters", isEnabled: hasOne, run: () => openInspector("settings") },
    { id: "output", label: "Show the output", isEnabled: hasOne, run: () => openInspector("output") },
    { id: "code", label: "Code", isEnabled: hasOne, run: withOne(services.editCode) },
    { id: "run", label: "Run to here", isEnabled: canRunOne, run: () => services.run({ stopAt: one()?.id }) },
    { id: "runFrom", label: "Run from here", isEnabled: canRunOne, run: () => services.run({ startAt: one()?.id }) },
    {
      id: "runFlow",
      label: "Run the whole flow",
      isEnabled: () => editor().document.nodes.length > 0 && !isRunning(),
      run: () => services.run({}),
    },
    { id: "stop", label: "Stop the run", isEnabled: isRunning, run: services.stop },
    {
      id: "group",
      label: "Group",
      isEnabled: () => canChange() && selectedNodes(editor().document).filter((node) => !isNote(node)).length > 1,
      run: groupSelected,
    },
    {
      id: "ungroup",
      label: "Ungroup",
      isEnabled: () => canChange() && hasGroup(),
      run: withOne((node) => editor().change((document) => ungroup(document, node.id))),
    },
    {
      id: "saveComponent",
      label: "Save for other flows",
      isEnabled: hasOne,
      run: withOne(services.saveComponent),
    },
    {
      id: "update",
      label: "Update to the newest definition",
      isEnabled: () => hasOne() && canChange() && !hasGroup(),
      run: withOne(services.update),
    },
    { id: "lock", label: "Lock or unlock the flow", run: services.lock },
    {
      id: "minimise",
      label: "Minimise or expand",
      isEnabled: () => hasAny() && canChange(),
      run: () =>
        editor().change((document) =>
          minimise(
            document,
            selectedNodes(document).map((node) => node.id),
          ),
        ),
    },
    { id: "copy", label: "Copy", isEnabled: hasAny, run: () => services.copy(false) },
    { id: "cut", label: "Cut", isEnabled: () => hasAny() && canChange(), run: () => services.copy(true) },
    { id: "paste", label: "Paste", isEnabled: canChange, run: services.paste },
    { id: "duplicate", label: "Duplicate", isEnabled: () => hasAny() && canChange(), run: services.duplicate },
    { id: "delete", label: "Delete", isEnabled: () => hasAny() && canChange(), run: removeSelected },
    { id: "undo", label: "Undo", isEnabled: () => editor().history.past.length > 0, run: () => editor().undo() },
    { id: "redo", label: "Redo", isEnabled: () => editor().history.future.length > 0, run: () => editor().redo() },
    { id: "save", label: "Save now", run: services.save },
    { id: "api", label: "API access", run: () => view().set({ dialog: "api" }) },
    {
      id: "freeze",
      label: "Freeze or thaw the path",
      isEnabled: () => hasOne() && canChange(),
      run: withOne((node) => editor().change((document) => freeze(document, node.id, !node.data.node.frozen))),
    },
    { id: "tool", label: "Tool mode", isEnabled: () => hasOne() && canChange(), run: withOne(services.toolMode) },
    { id: "download", label: "Download the flow", run: services.download },
    { id: "docs", label: "Documentation", isEnabled: hasOne, run: withOne(openDocs) },
    { id: "zoomIn", label: "Zoom in", run: () => void view().instance?.zoomIn({ duration: 120 }) },
    { id: "zoomOut", label: "Zoom out", run: () => void view().instance?.zoomOut({ duration: 120 }) },
    { id: "zoom100", label: "Zoom to 100 %", run: () => void view().instance?.zoomTo(1, { duration: 120 }) },
    {
      id: "fit",
      label: "Fit the flow into view",
      run: () => void view().instance?.fitView({ padding: 0.15, maxZoom: 1, duration: 200 }),
    },
    {
      id: "note",
      label: "Add a note",
      isEnabled: canChange,
      run: () => editor().change((document) => addNote(document, services.middle()).document),
    },
    {
      id: "tidy",
      label: "Tidy up",
      isEnabled: () => canChange() && editor().document.nodes.length > 1,
      run: () => {
        editor().change((document) => moveNodes(document, tidy(document)));
        setTimeout(() => void view().instance?.fitView({ padding: 0.15, maxZoom: 1, duration: 250 }), 30);
      },
    },
    {
      id: "selectAll",
      label: "Select all",
      run: () => editor().select(editor().document.nodes.map((node) => node.id)),
    },
    {
      id: "minimiseAll",
      label: "Minimise or expand all",
      isEnabled: canChange,
      run: () =>
        editor().change((document) =>
          minimise(
            document,
            document.nodes.map((node) => node.id),
          ),
        ),
    },
    { id: "minimap", label: "Show or hide the map", run: () => view().set({ minimap: !view().minimap }) },
    { id: "details", label: "Flow details", run: () => view().set({ dialog: "details" }) },
    { id: "versions", label: "Versions", run: () => view().set({ dialog: "versions" }) },
    { id: "traces", label: "Traces", run: () => view().set({ dialog: "traces" }) },
    { id: "share", label: "Export and public link", run: () => view().set({ dialog: "export" }) },
  ];
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
  else toast.info("This component has no documentation page.");
}
