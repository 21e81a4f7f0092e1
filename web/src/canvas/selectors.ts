/** Look-ups over the edges, computed once for each list of edges. */
import type { FlowEdge } from "@/flow/document";
import { edgeField, edgeOutput } from "@/flow/handles";

export type Ends = { inputs: Set<string>; outputs: Set<string> };

const cache = new WeakMap<FlowEdge[], Map<string, Ends>>();

export function endsByNode(edges: FlowEdge[]): Map<string, Ends> {
  const known = cache.get(edges);
  if (known) return known;
  const found = new Map<string, Ends>();
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
  cache.set(edges, found);
  return found;
}

/** Connected fields and outputs of a node as one text, so that a node rests while other edges change. */
export function endsKey(edges: FlowEdge[], id: string): string {
  const ends = endsByNode(edges).get(id);
  return ends ? JSON.stringify([[...ends.inputs], [...ends.outputs]]) : "[[],[]]";
}

export function parseEnds(key: string): Ends {
  const [inputs, outputs] = JSON.parse(key) as [string[], string[]];
  return { inputs: new Set(inputs), outputs: new Set(outputs) };
}
