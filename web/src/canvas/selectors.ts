/** Look-ups over the document, computed once for each list of nodes or edges. */
import type { FlowEdge, FlowNode } from "@/flow/document";
import { edgeField, edgeOutput } from "@/flow/handles";

export type Ends = { inputs: ReadonlySet<string>; outputs: ReadonlySet<string> };

const none: Ends = { inputs: new Set(), outputs: new Set() };
/** The last answers: a node whose edges stayed gets the very object it had, and rests. */
let last: { edges: FlowEdge[]; ends: Map<string, Ends> } = { edges: [], ends: new Map() };

/** Connected fields and outputs of a node. */
export function endsOf(edges: FlowEdge[], id: string): Ends {
  if (last.edges !== edges) last = { edges, ends: share(collect(edges), last.ends) };
  return last.ends.get(id) ?? none;
}

function collect(edges: FlowEdge[]): Map<string, { inputs: Set<string>; outputs: Set<string> }> {
  const found = new Map<string, { inputs: Set<string>; outputs: Set<string> }>();
  const of = (id: string) => {
    const ends = found.get(id) ?? { inputs: new Set(), outputs: new Set() };
    found.set(id, ends);
    return ends;
  };
  for (const edge of edges) {
    const output = edgeOutput(edge);
    const field = edgeField(edge);
    if (output) of(edge.source).outputs.add(output);
    if (field) of(edge.target).inputs.add(field);
  }
  return found;
}

function share(next: Map<string, Ends>, old: ReadonlyMap<string, Ends>): Map<string, Ends> {
  for (const [id, ends] of next) {
    const was = old.get(id);
    if (was && sameSet(was.inputs, ends.inputs) && sameSet(was.outputs, ends.outputs)) next.set(id, was);
  }
  return next;
}

function sameSet(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  return a.size === b.size && [...a].every((item) => b.has(item));
}

const kinds = new WeakMap<FlowNode["data"], readonly string[]>();
const listed = new Set(["model", "file", "mcp"]);

/** Which lists of the server the fields of these nodes can use, as one text. */
export function neededLists(nodes: FlowNode[]): string {
  const found = new Set<string>();
  for (const { data } of nodes) {
    let own = kinds.get(data);
    if (!own) {
      own = Object.values(data.node.template).flatMap((field) =>
        typeof field === "object" && field !== null && listed.has(field.type ?? "") ? [field.type ?? ""] : [],
      );
      kinds.set(data, own);
    }
    for (const kind of own) found.add(kind);
    if (found.size === listed.size) break;
  }
  return [...found].toSorted().join(" ");
}
