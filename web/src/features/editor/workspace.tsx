import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { lazy, Suspense, useCallback, useEffect, useMemo, useRef, useState } from "react";
import { type Command, makeCommands } from "@/actions/commands";
import { shortcutOf } from "@/actions/keymap";
import { isTyping } from "@/actions/shortcuts";
import { api, describe } from "@/api/client";
import { downloadFlows } from "@/api/download";
import { catalogueQuery, filesQuery, mcpServersQuery, modelsQuery, variablesQuery } from "@/api/queries";
import type { StoredFile, VariableType } from "@/api/types";
import { Canvas } from "@/canvas/canvas";
import { type CanvasActions, CanvasActionsContext } from "@/canvas/canvas-actions";
import { putOnEdge } from "@/canvas/edge-under";
import { neededLists } from "@/canvas/selectors";
import { type FieldServices, FieldServicesContext, type TextEditing } from "@/fields/types";
import { type Entry, nameOf as entryName } from "@/flow/catalogue";
import { copyText as copyOf, PASTE_LIMIT, paste, readClipboard } from "@/flow/clipboard";
import { type FlowNode, fieldOf, type Position } from "@/flow/document";
import { changeInside, setInside } from "@/flow/inside";
import { nodeById, removeItems, setField, settleEdges, updateData, updateDef } from "@/flow/ops";
import { canSetValues, selectedNodes, useEditor } from "@/stores/editor";
import { toast } from "@/stores/toast";
import { useView } from "@/stores/view";
import { asText } from "@/util/json";
import { answerRequest, runFlow, stopRun } from "../run/runner";
import { saveNow } from "../save/saver";
import { planUpdate, updateNode, updatePrompt } from "../update/update-node";
import { addComponent, middle } from "./add";
import { CommandPalette } from "./command-palette";
import { saveComponent, toggleLock, updateToNewest } from "./component-actions";
import { ComponentPicker } from "./component-picker";
import { ContextMenu } from "./context-menu";
import { Dialogs } from "./dialogs";
import { Inspector } from "./inspector";
import { t } from "./messages";
import { RunBanner } from "./run-banner";
import { DRAG_TYPE, Sidebar } from "./sidebar";
import { Toolbar } from "./toolbar";
import { useDefaults, usePalette } from "./use-catalogue";

const TextDialog = lazy(() => import("./text-dialog"));
const VariableDialog = lazy(() =>
  import("../settings/variable-dialog").then((module) => ({ default: module.VariableDialog })),
);

/** Canvas and what surrounds it. */
export function Workspace() {
  const sidebar = useView((state) => state.sidebar);
  const inspector = useView((state) => state.inspector);
  const [editing, setEditing] = useState<TextEditing>();
  const [newVariable, setNewVariable] = useState<{ type: VariableType; done: (name: string) => void }>();
  const queries = useQueryClient();
  const services = useFieldServiceValues(setEditing, (type, done) => setNewVariable({ type, done }));
  const editCode = useCallback(
    (node: FlowNode) => setEditing(codeEditing(node, queries.getQueryData(catalogueQuery.queryKey))),
    [queries],
  );
  const commands = useMemo(
    () =>
      makeCommands({
        save: () => void saveNow(),
        run: ({ stopAt, startAt }) => void runFlow({ ...(stopAt ? { stopAt } : {}), ...(startAt ? { startAt } : {}) }),
        stop: stopRun,
        saveComponent: (node) => void saveComponent(node, queries),
        update: (node) => updateToNewest(node, queries),
        lock: () => void toggleLock(),
        copy: (cut) => void copySelection(cut),
        paste: () => void pasteFromClipboard(),
        duplicate,
        download: () => {
          const { meta } = useEditor.getState();
          if (meta) void saveNow().then(() => downloadFlows([meta]));
        },
        toolMode,
        editCode,
        middle,
      }),
    [queries, editCode],
  );
  const actions = useCanvasActionValues(commands);
  useKeys(commands);
  useClipboardEvents();
  const palette = usePalette().entries;
  const defaults = useDefaults();

  const onDrop = (data: DataTransfer, at: Position, edgeId: string | undefined) => {
    const dragged = data.getData(DRAG_TYPE);
    const entry = palette.find(
      (candidate) => `${candidate.category}/${candidate.type}/${entryName(candidate)}` === dragged,
    );
    if (entry) {
      const made = addComponent(entry, at, defaults);
      if (made && edgeId) putOnEdge(edgeId, made);
      return;
    }
    for (const file of data.files) void openFile(file, at);
  };

  return (
    <FieldServicesContext.Provider value={services}>
      <CanvasActionsContext.Provider value={actions}>
        {sidebar ? <Sidebar /> : null}
        <main className="relative min-w-0 flex-1">
          <Canvas onDrop={onDrop} />
          <EmptyHint />
          <Toolbar commands={commands} />
          <RunBanner />
        </main>
        {inspector ? <Inspector onEditCode={editCode} /> : null}
        <ContextMenu commands={commands} />
        <ComponentPicker />
        <CommandPalette commands={commands} />
        <Dialogs />
        <Suspense>
          {editing ? <TextDialog editing={editing} onClose={() => setEditing(undefined)} /> : null}
          {newVariable ? (
            <VariableDialog
              type={newVariable.type}
              onClose={() => setNewVariable(undefined)}
              onSaved={(variable) => newVariable.done(variable.name)}
            />
          ) : null}
        </Suspense>
      </CanvasActionsContext.Provider>
    </FieldServicesContext.Provider>
  );
}

function EmptyHint() {
  const isEmpty = useEditor((state) => state.document.nodes.length === 0);
  if (!isEmpty) return null;
  return (
    <div className="pointer-events-none absolute inset-0 grid place-items-center p-6 text-center">
      <div className="grid gap-1 text-ink-soft">
        <p className="text-base font-medium text-ink">{t.anEmptyFlow}</p>
        <p>{t.dragAComponentFromThe}</p>
      </div>
    </div>
  );
}

function useCanvasActionValues(commands: Command[]): CanvasActions {
  return useMemo(
    () => ({
      setField: (nodeId, name, change) => {
        const { document, shelved, change: apply, changeFlow } = useEditor.getState();
        const field = nodeById(document, nodeId)?.data.node.template[name];
        const merge = `field ${nodeId} ${name}`;
        if (shelved) {
          const { value, load_from_db, file_path } = change;
          const values = Object.fromEntries(
            Object.entries({ value, load_from_db, file_path }).filter(([key]) => key in change),
          );
          changeFlow((flow) => setInside(flow, shelved.inside ?? [], nodeId, name, values), { merge });
        } else apply((now) => setField(now, nodeId, name, change), { merge });
        if (typeof field === "object" && field.real_time_refresh && "value" in change)
          planUpdate(nodeId, { field: name, value: change.value });
      },
      chooseOutput: (nodeId, output) =>
        useEditor.getState().change((document) => updateData(document, nodeId, { selected_output: output })),
      answer: (request, action) => void answerRequest(request, action),
      runTo: (nodeId) => void runFlow({ stopAt: nodeId }),
      runCommand: (id) => {
        const command = commands.find((candidate) => candidate.id === id);
        if (command && command.isEnabled?.() !== false) command.run();
      },
    }),
    [commands],
  );
}

function useFieldServiceValues(
  editText: (editing: TextEditing) => void,
  addVariable: (type: VariableType, done: (name: string) => void) => void,
): FieldServices {
  const variables = useQuery(variablesQuery).data;
  const wants = useEditor((state) => neededLists(state.document.nodes));
  const models = useQuery({ ...modelsQuery, enabled: wants.includes("model") }).data;
  const files = useQuery({ ...filesQuery, enabled: wants.includes("file") }).data;
  const servers = useQuery({ ...mcpServersQuery, enabled: wants.includes("mcp") }).data;
  const queries = useQueryClient();
  const navigate = useNavigate();
  const latest = useRef({ editText, addVariable });
  latest.current = { editText, addVariable };
  return useMemo(
    () => ({
      variables: (variables ?? []).map((variable) => ({ name: variable.name, isSecret: variable.type !== "Generic" })),
      addVariable: (type, done) => latest.current.addVariable(type, done),
      models: (kind) =>
        (models ?? [])
          .filter((provider) => provider.is_configured !== false)
          .flatMap((provider) =>
            provider.models
              .filter(
                (model) =>
                  (model.metadata?.model_type === "embeddings") === (kind === "embedding") &&
                  !model.metadata?.deprecated,
              )
              .map((model) => ({
                name: model.model_name,
                provider: provider.provider,
                ...(provider.icon ? { icon: provider.icon } : {}),
                ...(model.metadata ? { metadata: model.metadata } : {}),
              })),
          ),
      configureModels: () => void navigate({ to: "/settings/$section", params: { section: "model-providers" } }),
      files: (files ?? []).map((file) => ({ name: file.path.split("/").at(-1) ?? file.name, path: file.path })),
      upload: async (file) => {
        const form = new FormData();
        form.append("file", file);
        try {
          const stored = await api<StoredFile>("/api/v2/files/", { method: "POST", raw: form });
          await queries.invalidateQueries({ queryKey: ["files"] });
          return { name: file.name, path: stored.path };
        } catch (error) {
          toast.error(`${file.name}: ${describe(error)}`);
          return undefined;
        }
      },
      mcpServers: (servers ?? []).map((server) => server.name),
      editText: (editing) => latest.current.editText(editing),
      refresh: (nodeId, name, value) => void updateNode(nodeId, { field: name, value, isRefresh: true }),
      promptChanged: (nodeId, name, text) => void updatePrompt(nodeId, name, text),
    }),
    [variables, models, files, servers, queries, navigate],
  );
}

function useKeys(commands: Command[]) {
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const id = shortcutOf(event);
      if (!id || event.defaultPrevented || isTyping(event.target)) return;
      // Copying and pasting come as events of their own, with the clipboard in them.
      if (id === "copy" || id === "cut" || id === "paste") return;
      const isPlain = !event.ctrlKey && !event.metaKey;
      if (
        isPlain &&
        id === "code" &&
        event.target instanceof HTMLElement &&
        event.target.closest("button, a, [role=button]")
      )
        return;
      const command = commands.find((candidate) => candidate.id === id);
      if (!command || command.isEnabled?.() === false) return;
      event.preventDefault();
      command.run();
    };
    addEventListener("keydown", press);
    return () => removeEventListener("keydown", press);
  }, [commands]);
}

/** The last copy of this page, for browsers that keep the clipboard closed. */
let copied: string | undefined;

function useClipboardEvents() {
  useEffect(() => {
    const copy = (event: ClipboardEvent) => {
      if (isTyping(event.target) || getSelection()?.toString()) return;
      const text = copyOf(useEditor.getState().document);
      if (!text) return;
      copied = text;
      event.clipboardData?.setData("text/plain", text);
      event.preventDefault();
      if (event.type === "cut") cutSelection();
    };
    const put = (event: ClipboardEvent) => {
      if (isTyping(event.target)) return;
      if (pasteText(event.clipboardData?.getData("text/plain") || copied || "", middle())) event.preventDefault();
    };
    document.addEventListener("copy", copy);
    document.addEventListener("cut", copy);
    document.addEventListener("paste", put);
    return () => {
      document.removeEventListener("copy", copy);
      document.removeEventListener("cut", copy);
      document.removeEventListener("paste", put);
    };
  }, []);
}

async function copySelection(cut: boolean) {
  const text = copyOf(useEditor.getState().document);
  if (!text) return;
  copied = text;
  await navigator.clipboard?.writeText(text).catch(() => undefined);
  if (cut) cutSelection();
}

function cutSelection() {
  const { change } = useEditor.getState();
  change((document) => removeItems(document, new Set(selectedNodes(document).map((node) => node.id)), new Set()));
}

async function pasteFromClipboard() {
  const text = await navigator.clipboard?.readText?.().catch(() => undefined);
  pasteText(text && readClipboard(text) ? text : (copied ?? ""), middle());
}

function pasteText(text: string, at: Position): boolean {
  const pasted = readClipboard(text);
  if (!pasted) return false;
  if (!pasted.ok) {
    toast.error(pasted.reason);
    return true;
  }
  useEditor.getState().change((document) => paste(document, pasted.document, { x: at.x + 40, y: at.y + 40 }).document);
  return true;
}

/** A flow file that was dropped: its components are added. */
async function openFile(file: File, at: Position) {
  if (file.size > PASTE_LIMIT) {
    toast.error(t.isLargerThan20Mb(file.name));
    return;
  }
  const text = await file.text().catch(() => "");
  if (!pasteText(text, at)) toast.error(t.isNoFlowFileOr(file.name));
}

function duplicate() {
  const { document, change } = useEditor.getState();
  const pasted = readClipboard(copyOf(document) ?? "");
  const nodes = selectedNodes(document);
  if (!pasted?.ok) return;
  const middleOf = (values: number[]) => (Math.min(...values) + Math.max(...values)) / 2;
  const at = {
    x: middleOf(nodes.map((node) => node.position.x)) + 48,
    y: middleOf(nodes.map((node) => node.position.y)) + 48,
  };
  change((now) => paste(now, pasted.document, at).document);
}

function toolMode(node: FlowNode) {
  const on = node.data.node.tool_mode !== true;
  useEditor.getState().change((document) => updateDef(document, node.id, { tool_mode: on }));
  void updateNode(node.id, { field: "tool_mode", value: on, toolMode: on });
}

function codeEditing(node: FlowNode, entries: Entry[] | undefined): TextEditing {
  const stock = entries?.find((entry) => entry.type === node.data.type);
  return {
    stock: stock && asText(fieldOf(stock.def, "code")?.value),
    title: t.codeOf(node.data.node.display_name ?? node.data.type),
    value: asText(fieldOf(node.data.node, "code")?.value),
    language: "python",
    save: (code) => saveCode(node.id, code),
  };
}

/** The server checks the code and answers with the component it makes. */
async function saveCode(nodeId: string, code: string) {
  const { document, shelved } = useEditor.getState();
  const node = nodeById(document, nodeId);
  if (!node) return;
  if (!canSetValues(useEditor.getState())) throw new Error(t.nothingCanBeChangedHere);
  const answer = await api<{ data: FlowNode["data"]["node"]; type: string }>("/api/v1/custom_component", {
    method: "POST",
    query: { flow_id: useEditor.getState().meta?.id },
    body: { code, frontend_node: node.data.node },
  });
  const made = { node: { ...answer.data, edited: true }, type: answer.type || node.data.type };
  useEditor
    .getState()
    .changeFlow((flow) =>
      changeInside(flow, shelved?.inside ?? [], nodeId, (inside) =>
        settleEdges(updateData(inside, nodeId, made), nodeId),
      ),
    );
}
