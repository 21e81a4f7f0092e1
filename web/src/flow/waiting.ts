/** Runs that wait for a person: what they ask, and which flows may ask. */
import { asText, isRecord } from "@/util/json";
import type { FlowDocument, NodeData } from "./document";
import { insideOf, isGroup } from "./groups";

/** The event of a run that stops to ask. */
export const ASKS = "human_input_required";

export type Choice = { id: string; label: string };

/** What a run asks a person. */
export type HumanRequest = {
  id: string;
  jobId: string;
  /** The component that asks. */
  nodeId: string;
  prompt: string;
  choices: Choice[];
  /** 0: it may take any time. */
  timeoutSeconds: number;
  /** Where a late answer leads; nothing: to no branch. */
  fallback: string | undefined;
  askedAt: string;
};

/** Reads a request from an event, from the list of those that wait, or from a stored message. */
export function readRequest(value: unknown, jobId = ""): HumanRequest | undefined {
  if (!isRecord(value)) return undefined;
  const id = asText(value.request_id);
  if (!id) return undefined;
  const allowed = Array.isArray(value.allowed_decisions) ? value.allowed_decisions.map(asText) : [];
  const options = (Array.isArray(value.options) ? value.options : []).filter(isRecord).map((option) => {
    const action = asText(option.action_id);
    return { id: action, label: asText(option.label) || action };
  });
  return {
    id,
    jobId: asText(value.job_id) || jobId,
    // `<node>:<run>`, with a number where a node asks again.
    nodeId: id.split(":")[0] ?? id,
    prompt: asText(value.prompt),
    choices: options.filter((option) => option.id && (allowed.length === 0 || allowed.includes(option.id))),
    timeoutSeconds: typeof value.timeout_seconds === "number" ? value.timeout_seconds : 0,
    fallback: asText(value.fallback_action) || undefined,
    askedAt: asText(value.paused_at) || asText(value.created_at),
  };
}

/** When the time for an answer is over; nothing where it never is. */
export function deadlineOf({ timeoutSeconds, askedAt }: HumanRequest): number | undefined {
  const asked = Date.parse(askedAt);
  return timeoutSeconds > 0 && !Number.isNaN(asked) ? asked + timeoutSeconds * 1000 : undefined;
}

const TYPE = "HumanInput";

/** Whether the flow has a component that asks a person, also inside of groups. */
export function hasHumanInput(document: FlowDocument): boolean {
  return document.nodes.some(({ data }) => data.type === TYPE || asksInside(data));
}

/** Whether a run of the flow may stop to ask: a component that asks leads somewhere. */
export function waitsForPeople({ nodes, edges }: FlowDocument): boolean {
  const leads = new Set(edges.map((edge) => edge.source));
  return nodes.some(({ id, data }) => {
    if (data.type === TYPE) return leads.has(id);
    return asksInside(data) && (leads.has(id) || waitsForPeople(insideOf({ id, data, position: { x: 0, y: 0 } })));
  });
}

const known = new WeakMap<NodeData, boolean>();

/** Asked with each change of the flow: what is inside of a group is looked through once. */
function asksInside(data: NodeData): boolean {
  if (data.node.flow === undefined) return false;
  const before = known.get(data);
  if (before !== undefined) return before;
  const node = { id: data.id, data, position: { x: 0, y: 0 } };
  const found = isGroup(node) && hasHumanInput(insideOf(node));
  known.set(data, found);
  return found;
}
