/** A copy of unsaved work in this browser, for when the page dies before the server has it. */
import { type FlowDocument, type Graph, readGraph } from "@/flow/document";
import { isRecord, parseJson } from "@/util/json";
import { parseTime } from "@/util/time";

const key = (id: string) => `langflow-draft-${id}`;

export interface Draft {
  document: FlowDocument;
  savedAt: number;
}

/** Typed secrets stay out of the browser's storage. */
function withoutSecrets(graph: Graph): Graph {
  const nodes = graph.nodes.map((node) => {
    const template = Object.fromEntries(
      Object.entries(node.data.node.template).map(([name, field]) => {
        const isSecret = typeof field === "object" && field?.password && !field.load_from_db && field.value;
        return [name, isSecret ? { ...field, value: "" } : field];
      }),
    );
    return { ...node, data: { ...node.data, node: { ...node.data.node, template } } };
  });
  return { ...graph, nodes };
}

export function keepDraft(id: string, graph: Graph, now: number): void {
  try {
    localStorage.setItem(key(id), JSON.stringify({ savedAt: now, data: withoutSecrets(graph) }));
  } catch {
    // Too large for the browser's storage, or storage is forbidden: the server copy remains.
  }
}

export function dropDraft(id: string): void {
  try {
    localStorage.removeItem(key(id));
  } catch {
    // Nothing was kept then.
  }
}

export function readDraft(id: string): Draft | undefined {
  try {
    const stored = parseJson(localStorage.getItem(key(id)) ?? "");
    if (!isRecord(stored) || typeof stored.savedAt !== "number") return undefined;
    return { savedAt: stored.savedAt, document: readGraph(stored.data).document };
  } catch {
    return undefined;
  }
}

/** Work that never reached the server; an older draft is dropped. */
export function newerDraft(id: string, savedAt: string | undefined): Draft | undefined {
  const draft = readDraft(id);
  const server = parseTime(savedAt)?.getTime() ?? 0;
  if (!draft || draft.savedAt >= server - 2000) return draft;
  dropDraft(id);
  return undefined;
}
