/** Commands of the editor: one object each, for keys, menus, toolbar and the command palette alike. */
import type { FlowNode } from "@/flow/document";
import { freeze, minimise } from "@/flow/flags";
import { tidy } from "@/flow/layout";
import { addNote, moveNodes, removeItems } from "@/flow/ops";
import { onlySelected, selectedNodes, useEditor } from "@/stores/editor";
import { toast } from "@/stores/toast";
import { view } from "@/stores/view";
import type { ShortcutId } from "./shortcuts";

export interface Command {
  id:
    | ShortcutId
    | "note"
    | "tidy"
    | "selectAll"
    | "details"
    | "versions"
    | "traces"
    | "export"
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
  run: (stopAt: string | undefined) => void;
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
    { id: "run", label: "Run to here", isEnabled: hasOne, run: () => services.run(one()?.id) },
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
    { id: "export", label: "Export", run: () => view().set({ dialog: "export" }) },
  ];
}

function searchComponents() {
  view().set({ sidebar: true });
  setTimeout(() => document.getElementById("sidebar-search")?.focus(), 0);
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
