// Flows made from the server's own catalogue.
import assert from "node:assert/strict";

/** A handle as flows store it. */
const handle = (parts) => JSON.stringify(parts).replaceAll('"', "œ");

export async function readCatalogue(page, base) {
  const groups = await (await page.request.get(`${base}/api/v1/all`)).json();
  return Object.values(groups).flatMap((group) => Object.entries(group ?? {}));
}

/** A node of each of these types, side by side. */
export function makeNodes(catalogue, types) {
  return types.map((type, index) => {
    const def = catalogue.find(([key, value]) => key === type && value?.template)?.[1];
    assert.ok(def, `no ${type} in the catalogue`);
    const id = `${type.replaceAll(/[^A-Za-z0-9]/g, "")}-walk${index}`;
    const position = { x: index * 420, y: 120 };
    return { id, type: "genericNode", position, data: { id, type, node: def, showNode: true } };
  });
}

export function makeEdge(from, output, to, input) {
  const field = to.data.node.template[input];
  const types = from.data.node.outputs.find((candidate) => candidate.name === output)?.types ?? ["Message"];
  const source = { dataType: from.data.type, id: from.id, name: output, output_types: types };
  const target = { fieldName: input, id: to.id, inputTypes: field.input_types, type: field.type };
  return {
    id: `${from.id}-${to.id}`,
    source: from.id,
    target: to.id,
    sourceHandle: handle(source),
    targetHandle: handle(target),
    data: { sourceHandle: source, targetHandle: target },
  };
}

/** Stores Chat Input → Human Input, whose two choices lead to a Chat Output each. Answers the ids of flow and nodes. */
export async function makeAskingFlow(page, base, name) {
  const types = ["ChatInput", "HumanInput", "ChatOutput", "ChatOutput"];
  const nodes = structuredClone(makeNodes(await readCatalogue(page, base), types));
  const [input, human, approved, rejected] = nodes;
  rejected.position = { x: approved.position.x, y: approved.position.y + 480 };
  const edges = [
    makeEdge(input, "message", human, "prompt"),
    makeEdge(human, "branch_approve", approved, "input_value"),
    makeEdge(human, "branch_reject", rejected, "input_value"),
  ];
  const made = await page.request.post(`${base}/api/v1/flows/`, { data: { name, data: { nodes, edges } } });
  assert.equal(made.status(), 201);
  return { flowId: (await made.json()).id, human: human.id, approved: approved.id, rejected: rejected.id };
}
