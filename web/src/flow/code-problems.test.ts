import { expect, test } from "vitest";
import { type CodeProblem, readProblems } from "./code-problems";

const answer = (syntax: unknown[], imports: unknown[] = []) => ({
  function: { errors: syntax },
  imports: { errors: imports },
});
const code = "import os\nimport nowhere\nfrom far.away import x\nclass A(:\n";

test.each<[string, unknown, CodeProblem[]]>([
  ["nothing is wrong", answer([]), []],
  [
    "a syntax error has its line and loses the place from its words",
    answer(["invalid syntax (<unknown>, line 4)"]),
    [{ line: 4, text: "invalid syntax" }],
  ],
  [
    "a line beyond the end is the last one",
    answer(["unexpected EOF (<unknown>, line 40)"]),
    [{ line: 5, text: "unexpected EOF" }],
  ],
  [
    "an import that fails is marked where it stands",
    answer([], ["No module named 'far.away'", "No module named 'nowhere'"]),
    [
      { line: 2, text: "No module named 'nowhere'" },
      { line: 3, text: "No module named 'far.away'" },
    ],
  ],
  ["words without a place are kept", answer(["the code is too long"]), [{ line: 0, text: "the code is too long" }]],
  [
    "an import that stands nowhere",
    answer([], ["No module named 'elsewhere'"]),
    [{ line: 0, text: "No module named 'elsewhere'" }],
  ],
  ["what is no answer says nothing", { function: { errors: "x" }, imports: 3 }, []],
  ["nothing at all", undefined, []],
])("%s", (_, given, problems) => {
  expect(readProblems(given, code)).toEqual(problems);
});
