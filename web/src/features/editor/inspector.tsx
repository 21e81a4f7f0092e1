import { X } from "lucide-react";
import { lazy, Suspense, useMemo, useState } from "react";
import { NodeField } from "@/canvas/node-field";
import { runOf } from "@/canvas/run-of";
import { endsOf } from "@/canvas/selectors";
import { type FlowNode, fieldsOf } from "@/flow/document";
import { kindOf } from "@/flow/kinds";
import { setField, updateDef } from "@/flow/ops";
import { useDraft } from "@/hooks/use-draft";
import { canSetValues, onlySelected, useEditor } from "@/stores/editor";
import { type InspectorTab, useView } from "@/stores/view";
import { Button } from "@/ui/button";
import { Input, Labelled, TextArea } from "@/ui/form";
import { cn } from "@/util/cn";
import { duration } from "@/util/time";
import { t } from "./messages";

const OutputView = lazy(() => import("./output-view"));

const tabs: { id: InspectorTab; label: string }[] = [
  { id: "settings", label: t.settings },
  { id: "output", label: t.output },
  { id: "logs", label: t.logs },
  { id: "code", label: t.code },
];

/** Docked beside the canvas: everything about the selected component, and its values can be edited. */
export function Inspector({ onEditCode }: { onEditCode: (node: FlowNode) => void }) {
  const id = useEditor((state) => onlySelected(state.document)?.id);
  const type = useEditor((state) => onlySelected(state.document)?.type);
  const data = useEditor((state) => onlySelected(state.document)?.data);
  // Not the node itself: it changes with every step of a drag.
  const node = useMemo(
    () => (id && type && data ? { id, type, data, position: { x: 0, y: 0 } } : undefined),
    [id, type, data],
  );
  const tab = useView((state) => state.inspectorTab);
  const set = useView((state) => state.set);
  return (
    <aside
      aria-label={t.inspector}
      data-testid="inspection-panel"
      className="absolute inset-y-0 right-0 z-20 flex w-96 max-w-full flex-col border-l border-line bg-surface md:static md:shrink-0"
    >
      <div data-testid="inspection-panel-header" className="flex items-center gap-2 border-b border-line px-4 py-2.5">
        <h2 className="min-w-0 flex-1 truncate font-semibold">
          {node ? (node.data.node.display_name ?? node.data.type) : t.inspector}
        </h2>
        <button
          type="button"
          data-testid="inspection-panel-close"
          aria-label={t.closeTheInspector}
          className="rounded p-1 hover:bg-sunken"
          onClick={() => set({ inspector: false })}
        >
          <X size={16} aria-hidden="true" />
        </button>
      </div>
      {node?.type === "genericNode" ? (
        <>
          <div role="tablist" aria-label={t.inspector} className="flex border-b border-line px-2">
            {tabs.map(({ id, label }) => (
              <button
                key={id}
                type="button"
                role="tab"
                aria-selected={tab === id}
                className={cn(
                  "border-b-2 px-3 py-2 text-[13px]",
                  tab === id ? "border-accent font-medium" : "border-transparent text-ink-soft",
                )}
                onClick={() => set({ inspectorTab: id })}
              >
                {label}
              </button>
            ))}
          </div>
          <div className="min-h-0 flex-1 overflow-y-auto">
            {tab === "settings" ? <Settings key={node.id} node={node} /> : null}
            {tab === "output" ? <Output node={node} /> : null}
            {tab === "logs" ? <Logs node={node} /> : null}
            {tab === "code" ? (
              <div className="grid gap-3 p-4 text-sm">
                <p className="text-ink-soft">{t.theCodeOfThisComponent}</p>
                <Button onClick={() => onEditCode(node)}>{t.openTheCode}</Button>
              </div>
            ) : null}
          </div>
        </>
      ) : (
        <p className="p-4 text-sm text-ink-soft">{t.selectOneComponentToSee}</p>
      )}
    </aside>
  );
}

function Settings({ node }: { node: FlowNode }) {
  const readOnly = useEditor((state) => state.readOnly);
  const canSet = useEditor(canSetValues);
  const ends = useEditor((state) => endsOf(state.document.edges, node.id));
  const change = useEditor((state) => state.change);
  const [search, setSearch] = useState("");
  const name = node.data.node.display_name ?? node.data.type;
  const fields = fieldsOf(node.data.node).filter(
    ([field, value]) =>
      field !== "code" &&
      value.show !== false &&
      (value.display_name ?? field).toLowerCase().includes(search.toLowerCase()),
  );
  const title = useDraft(name, (display_name) =>
    change((document) => updateDef(document, node.id, { display_name }), { merge: `name ${node.id}` }),
  );
  const text = useDraft(node.data.node.description ?? "", (description) =>
    change((document) => updateDef(document, node.id, { description }), { merge: `text ${node.id}` }),
  );
  return (
    <div className="grid gap-4 py-4">
      <div className="grid gap-3 border-b border-line px-4 pb-4">
        <Labelled label={t.name}>
          {(ids) => (
            <Input
              {...ids}
              data-testid={`input-title-${name}`}
              disabled={readOnly}
              value={title.text}
              onChange={(event) => title.change(event.target.value)}
              onBlur={title.flush}
            />
          )}
        </Labelled>
        <Labelled label={t.description}>
          {(ids) => (
            <TextArea
              {...ids}
              rows={2}
              disabled={readOnly}
              value={text.text}
              onChange={(event) => text.change(event.target.value)}
              onBlur={text.flush}
            />
          )}
        </Labelled>
        <Input
          type="search"
          aria-label={t.searchParameters}
          placeholder={t.searchParameters2}
          value={search}
          onChange={(event) => setSearch(event.target.value)}
        />
      </div>
      {fields.map(([field, value]) => (
        <div key={field} data-testid={`inspector-param-${field}`} className="grid gap-1">
          <NodeField
            nodeId={node.id}
            nodeName={name}
            name={field}
            field={value}
            isConnected={ends.inputs.has(field)}
            canConnect={false}
            readOnly={!canSet}
          />
          <span className="flex gap-4 px-3 text-xs text-ink-soft">
            {kindOf(value) === "handle" ? <span>{t.byConnectionOnly}</span> : null}
            <button
              type="button"
              disabled={readOnly}
              data-testid={`inspector-${value.advanced ? "add" : "remove"}-${field}`}
              className="underline hover:text-ink"
              onClick={() => change((document) => setField(document, node.id, field, { advanced: !value.advanced }))}
            >
              {value.advanced ? t.showOnTheComponent : t.hideOnTheComponent}
            </button>
            <button
              type="button"
              disabled={readOnly}
              aria-pressed={value.api_editable === true}
              data-testid={`inspector-api-${field}`}
              className={cn("underline hover:text-ink", value.api_editable === true && "font-semibold text-accent")}
              onClick={() =>
                change((document) => setField(document, node.id, field, { api_editable: value.api_editable !== true }))
              }
            >
              {value.api_editable === true ? t.inTheApiSnippet : t.addToTheApiSnippet}
            </button>
          </span>
        </div>
      ))}
      {fields.length === 0 ? <p className="px-4 text-sm text-ink-soft">{t.noParameters}</p> : null}
    </div>
  );
}

function Output({ node }: { node: FlowNode }) {
  const run = useEditor((state) => runOf(state.run.nodes, node.id, node.data));
  if (!run || (run.status !== "success" && run.status !== "error")) {
    return <p className="p-4 text-sm text-ink-soft">{t.noResultYetRunThis}</p>;
  }
  return (
    <div className="grid gap-4 p-4">
      <p className="text-[13px] text-ink-soft">
        {run.status === "error" ? t.failed : t.finished}
        {run.seconds === undefined ? "" : t.inText(duration(run.seconds))}
        {run.tokens === undefined ? "" : t.tokens(run.tokens)}
      </p>
      {run.error ? (
        <div
          role="alert"
          className="grid gap-1 rounded-lg border border-danger/40 bg-danger-soft p-3 text-sm text-danger"
        >
          {run.summary ? <p className="font-medium">{run.summary}</p> : null}
          <p className="whitespace-pre-wrap break-words">{run.error}</p>
        </div>
      ) : null}
      <Suspense>
        {Object.entries(run.outputs ?? {}).map(([name, result]) => (
          <OutputView
            key={name}
            name={node.data.node.outputs?.find((output) => output.name === name)?.display_name ?? name}
            value={result.value}
          />
        ))}
      </Suspense>
    </div>
  );
}

function Logs({ node }: { node: FlowNode }) {
  const logs = useEditor((state) => runOf(state.run.nodes, node.id, node.data)?.logs);
  if (!logs || logs.length === 0) return <p className="p-4 text-sm text-ink-soft">{t.noLogLines}</p>;
  return (
    <ul className="grid gap-2 p-4 text-[13px]">
      {logs.map((entry, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: lines of a log never move
        <li key={index} className="rounded-lg bg-sunken p-2">
          <span className="text-ink-soft">{entry.name}</span>
          <pre className="mt-1 overflow-x-auto whitespace-pre-wrap">
            {typeof entry.message === "string" ? entry.message : JSON.stringify(entry.message, null, 2)}
          </pre>
        </li>
      ))}
    </ul>
  );
}
