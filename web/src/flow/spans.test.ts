import { expect, test } from "vitest";
import { readTokens, type SpanLike, spanRows } from "./spans";

const span = (id: string, start: string, latencyMs: number | null, children: SpanLike[] = []): SpanLike => ({
  id,
  name: id,
  type: "chain",
  status: "ok",
  startTime: `2026-11-24T10:00:0${start}Z`,
  latencyMs,
  children,
});

test("bars stand where their steps were, children below their parents", () => {
  const rows = spanRows(
    [span("a", "0", 2000, [span("b", "1", 1000)]), span("c", "2", 2000)],
    "2026-11-24T10:00:00Z",
    4000,
  );
  expect(rows.map(({ span, depth, from, width }) => [span.id, depth, from, width])).toEqual([
    ["a", 0, 0, 0.5],
    ["b", 1, 0.25, 0.25],
    ["c", 0, 0.5, 0.5],
  ]);
});

test.each([
  ["no time", span("a", "0", null), 0],
  ["before the run", { ...span("a", "0", 100), startTime: "2026-11-24T09:00:00Z" }, 0],
  ["after the run", { ...span("a", "0", 100), startTime: "2026-11-24T11:00:00Z" }, 0.995],
])("a step with %s stays within the waterfall", (_, step, from) => {
  const [row] = spanRows([step], "2026-11-24T10:00:00Z", 1000);
  expect(row?.from).toBe(from);
  expect((row?.from ?? 0) + (row?.width ?? 0)).toBeLessThanOrEqual(1);
});

test.each([
  [
    { prompt_tokens: 3, completion_tokens: 4, total_tokens: 7 },
    { input: 3, output: 4, total: 7 },
  ],
  [
    { input_tokens: 3, output_tokens: 4 },
    { input: 3, output: 4, total: 7 },
  ],
  [{ totalTokens: 9 }, { input: 0, output: 0, total: 9 }],
  [{}, undefined],
  [null, undefined],
])("tokens of %j", (usage, tokens) => {
  expect(readTokens(usage)).toEqual(tokens);
});
