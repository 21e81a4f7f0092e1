import { Loader2, Play, Snowflake } from "lucide-react";
import { memo, useMemo } from "react";
import { type FlowNode, fieldsOf, type NodeData, type Output } from "@/flow/document";
import {
  encodeHandle,
  loopHandle,
  outputTypes,
  sourceHandle,
  takesEdge,
  targetHandle,
  visibleOutputs,
} from "@/flow/handles";
import type { NodeRun } from "@/flow/run";
import { canSetValues, selectedNodes, useEditor } from "@/stores/editor";
import { useView, view } from "@/stores/view";
import type { Waiting } from "@/stores/waiting";
import { cn } from "@/util/cn";
import { asText } from "@/util/json";
import { duration } from "@/util/time";
import { useCanvasActions } from "./canvas-actions";
import { useDetail } from "./detail";
import { FlowHandle } from "./flow-handle";
import { ComponentIcon } from "./icons";
import { LightNode } from "./light-node";
import { t } from "./messages";
import { NodeBoundary } from "./node-boundary";
import { NodeField } from "./node-field";
import { NodeToolbar } from "./node-toolbar";
import type { NodeViewProps } from "./node-view";
import { runOf } from "./run-of";
import { type Ends, endsOf } from "./selectors";
import { isFieldShown } from "./shown";
import { useRequests, WaitingPanel } from "./waiting-panel";

const rings: Record<NodeRun["status"], string> = {
  pending: "border-line",
  waiting: "border-warn ring-2 ring-warn/50",
  running: "border-accent ring-2 ring-accent/40 animate-pulse",
  success: "border-ok/60",
  error: "border-danger ring-2 ring-danger/50",
  inactive: "border-line opacity-60",
};

/** A component on the canvas, drawn from its definition alone. */
export const GenericNode = memo(function GenericNode(props: NodeViewProps) {
  const { id, data, selected, isConnectable, height } = props;
  const ends = useEditor((state) => endsOf(state.document.edges, id));
  const isDetailed = useDetail(id);
  const run = useEditor((state) => runOf(state.run.nodes, id, data));
  const requests = useRequests(id, data);
  const status = requests.length > 0 ? "waiting" : run?.status;
  const isUpdating = useView((state) => state.updating[id] === true);
  const readOnly = useEditor((state) => state.readOnly);
  const canSet = useEditor(canSetValues);
  const isOnlySelected = useEditor((state) => selected && selectedNodes(state.document).length === 1);
  const def = data.node;
  const isMinimised = data.showNode === false;

  return (
    <div
      data-testid={`${id}-main-node`}
      data-look={selected ? "selected" : status}
      className={cn(
        "node-card rounded-xl border bg-surface text-ink shadow-card",
        isMinimised ? "w-52" : "w-80",
        selected ? "border-accent ring-1 ring-accent" : "border-line",
        status && rings[status],
        def.frozen && "border-sky-500 ring-2 ring-sky-400/50",
      )}
    >
      {isOnlySelected && !readOnly ? <NodeToolbar id={id} data={data} /> : null}
      <NodeBoundary name={asText(def.display_name) || data.type || id} mark={data}>
        {isDetailed ? (
          <Content
            id={id}
            data={data}
            ends={ends}
            run={run}
            requests={requests}
            isUpdating={isUpdating}
            canConnect={isConnectable && !readOnly}
            readOnly={!canSet}
          />
        ) : (
          <LightNode id={id} data={data} ends={ends} height={height} />
        )}
      </NodeBoundary>
    </div>
  );
});

interface ContentProps {
  id: string;
  data: NodeData;
  ends: Ends;
  run: NodeRun | undefined;
  /** What runs ask here. */
  requests: readonly Waiting[];
  isUpdating: boolean;
  canConnect: boolean;
  readOnly: boolean;
}

/** Head, fields and outputs. */
const Content = memo(function Content(props: ContentProps) {
  const { id, data, ends, run, requests, isUpdating, canConnect, readOnly } = props;
  const def = data.node;
  const name = def.display_name ?? data.type;
  const node = useMemo(() => ({ id, data, position: { x: 0, y: 0 } }), [id, data]);
  const isMinimised = data.showNode === false;
  const fields = fieldsOf(def).filter(([field, value]) =>
    isFieldShown(def.tool_mode ?? false, field, value, ends.inputs),
  );
  const { shown, choices } = visibleOutputs(def, data.selected_output, ends.outputs);
  return (
    <>
      <div data-testid="div-generic-node" className="relative flex items-center gap-2 px-3 py-2.5">
        <ComponentIcon name={def.icon} label={name} />
        <span data-testid={`title-${name}`} className="min-w-0 flex-1 truncate font-medium" title={name}>
          {name}
        </span>
        {def.frozen ? <Snowflake size={14} className="text-sky-500" role="img" aria-label={t.frozen} /> : null}
        {isUpdating ? <Loader2 size={14} className="animate-spin" role="img" aria-label={t.updating} /> : null}
        {requests.length === 0 ? (
          <RunBadge run={run} />
        ) : isMinimised ? null : (
          <span className="whitespace-nowrap text-xs font-semibold text-warn">{t.waits}</span>
        )}
        <RunButton id={id} name={name} />
        {isMinimised ? (
          <MinimisedHandles node={node} fields={fields} outputs={shown} canConnect={canConnect} name={name} />
        ) : null}
      </div>
      {isMinimised ? (
        <WaitingPanel requests={requests} name={name} />
      ) : (
        <>
          {def.description ? (
            <p data-testid="generic-node-desc" className="border-b border-line px-3 pb-2.5 text-[13px] text-ink-soft">
              <span className="node-detail">{def.description}</span>
            </p>
          ) : (
            <div className="border-b border-line" />
          )}
          <WaitingPanel requests={requests} name={name} />
          {run?.status === "error" ? (
            <div role="alert" className="border-b border-line bg-danger-soft px-3 py-2 text-[13px] text-danger">
              {run.summary ? <p className="font-medium">{run.summary}</p> : null}
              <p className="line-clamp-4 break-words">{run.error}</p>
            </div>
          ) : null}
          <div className="grid gap-3 py-3">
            {fields.map(([field, value]) => (
              <NodeField
                key={field}
                nodeId={id}
                nodeName={name}
                name={field}
                field={value}
                isConnected={ends.inputs.has(field)}
                handle={takesEdge(value) ? encodeHandle(targetHandle(node, field, value)) : undefined}
                canConnect={canConnect}
                readOnly={readOnly}
              />
            ))}
            {fields.length === 0 ? <p className="px-3 text-[13px] text-ink-soft">{t.nothingToSetHere}</p> : null}
          </div>
          <div className="overflow-visible rounded-b-xl border-t border-line bg-sunken/60">
            {shown.map((output) => (
              <OutputRow
                key={output.name}
                node={node}
                nodeName={name}
                output={output}
                choices={shown.length === 1 || output === shown[0] ? choices : []}
                canConnect={canConnect}
                isTool={def.tool_mode ?? false}
              />
            ))}
          </div>
        </>
      )}
    </>
  );
});

function RunBadge({ run }: { run: NodeRun | undefined }) {
  if (!run || (run.status !== "success" && run.status !== "error")) return null;
  const took = run.seconds === undefined ? [] : [duration(run.seconds)];
  const parts = run.tokens === undefined ? took : [t.tokensShort(run.tokens), ...took];
  const full = run.tokens === undefined ? took : [t.tokens(run.tokens), ...took];
  return (
    <span
      className={cn(
        "whitespace-nowrap text-xs tabular-nums",
        run.status === "error" ? "font-semibold text-danger" : "text-ink-soft",
      )}
      title={full.join(", ")}
    >
      {run.status === "error" ? t.failed : parts.join(" · ") || t.done}
    </span>
  );
}

function RunButton({ id, name }: { id: string; name: string }) {
  const { runTo } = useCanvasActions();
  const isRunning = useEditor((state) => state.run.phase === "running");
  return (
    <button
      type="button"
      data-testid={`button_run_${name.toLowerCase()}`}
      aria-label={t.runAndWhatItNeeds(name)}
      title={t.runToHereP}
      disabled={isRunning}
      className="nodrag rounded-md p-1 text-ink-soft hover:bg-sunken hover:text-ink disabled:opacity-40"
      onClick={() => runTo(id)}
    >
      <Play size={15} aria-hidden="true" />
    </button>
  );
}

interface OutputRowProps {
  node: FlowNode;
  nodeName: string;
  output: Output;
  choices: Output[];
  canConnect: boolean;
  isTool: boolean;
}

function OutputRow({ node, nodeName, output, choices, canConnect, isTool }: OutputRowProps) {
  const { chooseOutput } = useCanvasActions();
  const hasResult = useEditor((state) => state.run.nodes[node.id]?.outputs?.[output.name] !== undefined);
  const label = output.display_name ?? output.name;
  const types = outputTypes(output);
  const inspect = () => {
    useEditor.getState().select([node.id]);
    view().set({ inspector: true, inspectorTab: "output" });
  };
  return (
    <div
      className={cn(
        "relative flex items-center justify-end gap-2 px-3 py-2 text-[13px] last:rounded-b-xl",
        isTool && "bg-ink text-bg dark:bg-line dark:text-ink",
      )}
    >
      {output.allows_loop ? (
        <FlowHandle
          id={encodeHandle(loopHandle(node, output))}
          kind="target"
          types={loopHandle(node, output).output_types}
          label={t.loopHandleOfOnNode(label, nodeName)}
          testId={`handle-${node.data.type.toLowerCase()}-shownode-${output.name}-left`}
          isConnectable={canConnect}
        />
      ) : null}
      {choices.length > 1 ? (
        <select
          aria-label={t.outputOf(nodeName)}
          data-testid={`dropdown-output-${node.data.type.toLowerCase()}`}
          disabled={!canConnect}
          className="node-detail nodrag max-w-44 rounded-md border border-line bg-surface px-1.5 py-0.5 text-[13px] text-ink"
          value={output.name}
          onChange={(event) => chooseOutput(node.id, event.target.value)}
        >
          {choices.map((choice) => (
            <option key={choice.name} value={choice.name}>
              {choice.display_name ?? choice.name}
            </option>
          ))}
        </select>
      ) : (
        <span className="node-detail font-medium">{label}</span>
      )}
      <button
        type="button"
        data-testid={`output-inspection-${label.toLowerCase()}-${node.data.type.toLowerCase()}`}
        aria-label={t.showTheOutputOf(label, nodeName)}
        title={hasResult ? t.showTheOutputO : t.nothingYetRunThisComponent}
        disabled={!hasResult}
        className="node-detail nodrag rounded px-1.5 py-0.5 text-xs underline-offset-2 hover:underline disabled:opacity-50"
        onClick={inspect}
      >
        {t.inspect}
      </button>
      <FlowHandle
        id={encodeHandle(sourceHandle(node, output))}
        kind="source"
        types={types}
        label={t.outputHandleForOnNode(label, nodeName)}
        testId={`handle-${node.data.type.toLowerCase()}-shownode-${label.toLowerCase()}-right`}
        isConnectable={canConnect}
      />
    </div>
  );
}

interface MinimisedProps {
  node: FlowNode;
  fields: ReturnType<typeof fieldsOf>;
  outputs: Output[];
  canConnect: boolean;
  name: string;
}

/** All ends of a small node lie on its two sides. */
function MinimisedHandles({ node, fields, outputs, canConnect, name }: MinimisedProps) {
  const type = node.data.type.toLowerCase();
  return (
    <>
      {fields
        .filter(([, field]) => takesEdge(field))
        .map(([fieldName, field]) => (
          <FlowHandle
            key={fieldName}
            id={encodeHandle(targetHandle(node, fieldName, field))}
            kind="target"
            types={field.input_types ?? []}
            label={t.inputHandleForOnNode(field.display_name ?? fieldName, name)}
            testId={`handle-${type}-noshownode-${(field.display_name ?? fieldName).toLowerCase()}-target`}
            isConnectable={canConnect}
          />
        ))}
      {outputs.map((output) => (
        <FlowHandle
          key={output.name}
          id={encodeHandle(sourceHandle(node, output))}
          kind="source"
          types={outputTypes(output)}
          label={t.outputHandleForOnNode(output.display_name ?? output.name, name)}
          testId={`handle-${type}-noshownode-${(output.display_name ?? output.name).toLowerCase()}-source`}
          isConnectable={canConnect}
        />
      ))}
    </>
  );
}
