/** What the server finds wrong with a piece of Python, as marks beside its lines. */
import { asText, isRecord } from "@/util/json";

export interface CodeProblem {
  /** Counted from 1; 0 where the server names no line. */
  line: number;
  text: string;
}

/** The answer of `/validate/code` is sentences: `invalid syntax (<unknown>, line 2)`, `No module named 'x'`. */
export function readProblems(answer: unknown, code: string): CodeProblem[] {
  if (!isRecord(answer)) return [];
  const syntax = errorsOf(answer.function).map((text) => {
    const at = /\s*\(<unknown>, line (\d+)\)\s*$/.exec(text);
    return { line: at ? inside(Number(at[1]), code) : 0, text: at ? text.slice(0, at.index) : text };
  });
  const imports = errorsOf(answer.imports).map((text) => ({ line: importLine(text, code), text }));
  return [...syntax, ...imports].sort((a, b) => a.line - b.line);
}

function errorsOf(part: unknown): string[] {
  return isRecord(part) && Array.isArray(part.errors) ? part.errors.map(asText).filter(Boolean) : [];
}

/** The line that asks for the module which is not there. */
function importLine(text: string, code: string): number {
  const name = /No module named '([\w.]+)'/.exec(text)?.[1];
  if (!name) return 0;
  const asks = new RegExp(`^\\s*(?:from\\s+${escaped(name)}\\b|import\\b.*\\b${escaped(name)}\\b)`);
  return code.split("\n").findIndex((line) => asks.test(line)) + 1;
}

const escaped = (name: string) => name.replaceAll(".", "\\.");
const inside = (line: number, code: string) => Math.min(Math.max(line, 1), code.split("\n").length);
