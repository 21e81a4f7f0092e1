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
