// Finds texts that are shown to people but stand in the code instead of a catalogue.
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import ts from "typescript";

/** Rooms whose texts are all in catalogues. */
const rooms = [
  "features/accounts",
  "features/admin",
  "features/files",
  "features/header",
  "features/home",
  "features/knowledge",
  "features/login",
  "features/mcp",
  "features/models",
  "features/observe",
  "features/settings",
  "features/share",
  "pages",
  "ui",
];

/** Attributes and keys whose values people read or hear. */
export const spoken = new Set([
  "alt",
  "aria-label",
  "description",
  "done",
  "empty",
  "error",
  "hint",
  "label",
  "labels",
  "noun",
  "placeholder",
  "text",
  "title",
  "yes",
]);

const src = new URL("../src/", import.meta.url).pathname;
const filesIn = (folder) =>
  readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name) && !/(\.test\.tsx?|messages\.ts)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));

const hasWords = (text) => /\p{L}{2}/u.test(text);
const nameOf = (node) => node.name?.getText().replaceAll(/["']/g, "") ?? "";

/** Whether a literal is shown: its place in the tree says so. */
function isShown(node) {
  for (let [child, at] = [node, node.parent]; at; [child, at] = [at, at.parent]) {
    if (ts.isJsxAttribute(at)) return spoken.has(nameOf(at));
    if (ts.isPropertyAssignment(at)) return spoken.has(nameOf(at)) && at.initializer === child;
    if (ts.isJsxExpression(at)) return !ts.isJsxAttribute(at.parent) || spoken.has(nameOf(at.parent));
    if (ts.isCallExpression(at)) return /^toast\.(ok|error|info)$/.test(at.expression.getText());
    if (ts.isConditionalExpression(at) && at.condition === child) return false;
    const passes =
      ts.isConditionalExpression(at) ||
      ts.isParenthesizedExpression(at) ||
      ts.isArrayLiteralExpression(at) ||
      ts.isTemplateSpan(at) ||
      ts.isTemplateExpression(at) ||
      (ts.isBinaryExpression(at) && /^(\?\?|\|\||&&|\+)$/.test(at.operatorToken.getText()));
    if (!passes) return false;
  }
  return false;
}

let found = 0;
for (const file of rooms.flatMap((room) => filesIn(join(src, room)))) {
  const source = ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.Latest, true, ts.ScriptKind.TSX);
  const visit = (node) => {
    const isText = ts.isJsxText(node) && hasWords(node.text);
    const isLiteral =
      (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node) || ts.isTemplateHead(node)) &&
      hasWords(node.text) &&
      isShown(node);
    if (isText || isLiteral) {
      found += 1;
      const { line } = source.getLineAndCharacterOfPosition(node.getStart());
      console.log(`${relative(src, file)}:${line + 1}: put into messages.ts: ${node.text.trim().slice(0, 60)}`);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
}
console.log(found === 0 ? "texts: all in catalogues" : `texts: ${found} in the code`);
process.exitCode = found === 0 ? 0 : 1;
