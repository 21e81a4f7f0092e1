import { expect, test } from "vitest";
import { type Sort, sortFlows } from "./sort-flows";

const flows = [
  { id: "1", name: "Flow 10", updated_at: "2026-11-24T10:00:00Z" },
  { id: "2", name: "Flow 2", updated_at: "2026-11-24T12:00:00Z" },
  { id: "3", name: "Agent", updated_at: undefined },
];
const runs = new Map([["1", { created_at: "2026-11-24T13:00:00Z" }]]);

test.each([
  ["edited", ["2", "1", "3"]],
  ["name", ["3", "2", "1"]],
  ["run", ["1", "3", "2"]],
] as [Sort, string[]][])("by %s", (sort, order) => {
  expect(sortFlows(flows, sort, runs).map((flow) => flow.id)).toEqual(order);
});
