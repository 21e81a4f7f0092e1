import type { FlowNode, NodeData } from "@/flow/document";
import { childIds, isGroup } from "@/flow/groups";
import type { NodeRun, RunState } from "@/flow/run";

const children = new WeakMap<NodeData, readonly string[]>();
const joined = new WeakMap<RunState["nodes"], Map<string, NodeRun | undefined>>();

/** What the last run says of a node; a group shows what its components say together. */
export function runOf(runs: RunState["nodes"], id: string, data: NodeData): NodeRun | undefined {
  const own = runs[id];
  if (own || data.node.flow === undefined) return own;
  const known = joined.get(runs) ?? new Map<string, NodeRun | undefined>();
  joined.set(runs, known);
  if (!known.has(id)) known.set(id, join(insiders(id, data).flatMap((child) => runs[child] ?? [])));
  return known.get(id);
}

const alone = new WeakMap<NodeData, readonly string[]>();

/** The component, or those inside of the group, that a node on the canvas stands for. */
export function componentsOf(id: string, data: NodeData): readonly string[] {
  if (data.node.flow !== undefined) return insiders(id, data);
  const known = alone.get(data) ?? [id];
  alone.set(data, known);
  return known;
}

function insiders(id: string, data: NodeData): readonly string[] {
  const known = children.get(data);
  if (known) return known;
  const node: FlowNode = { id, data, position: { x: 0, y: 0 } };
  const found = isGroup(node) ? childIds(node) : [];
  children.set(data, found);
  return found;
}

function join(runs: NodeRun[]): NodeRun | undefined {
  if (runs.length === 0) return undefined;
  const failed = runs.find((run) => run.status === "error");
  const going =
    runs.find((run) => run.status === "waiting") ??
    runs.find((run) => run.status === "running") ??
    runs.find((run) => run.status === "pending");
  const isDone = runs.some((run) => run.status === "success");
  const sum = (pick: (run: NodeRun) => number | undefined) => runs.reduce((total, run) => total + (pick(run) ?? 0), 0);
  const tokens = sum((run) => run.tokens);
  return {
    status: failed ? "error" : going ? going.status : isDone ? "success" : "inactive",
    seconds: sum((run) => run.seconds),
    ...(tokens > 0 ? { tokens } : {}),
    ...(failed?.error ? { error: failed.error } : {}),
    ...(failed?.summary ? { summary: failed.summary } : {}),
    logs: runs.flatMap((run) => run.logs ?? []),
    outputs: Object.assign({}, ...runs.map((run) => run.outputs ?? {})),
  };
}
