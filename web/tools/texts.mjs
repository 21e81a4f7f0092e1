// Finds texts that are shown to people but stand in the code instead of a catalogue.
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";

/** Attributes and keys whose values people read or hear. */
const spoken = new Set([
  "alt",
  "aria-label",
  "ariaLabel",
  "description",
  "done",
  "empty",
  "error",
  "group",
  "hint",
  "label",
  "labels",
  "noun",
  "placeholder",
  "reason",
  "text",
  "title",
  "yes",
]);

/** Calls whose arguments people read. */
const says = /^(toast\.(ok|error|info)|refuse)$/;

/** Names of products, the same in every language. */
const names = new Set(["Claude Desktop", "Claude Code"]);

/** Words of the server that are compared with, never shown. */
const onTheWire = new Set([
  "Waiting for approval",
  "Inactive user",
  "Built Successfully",
  "authentication credentials",
]);

/** Files whose literals are programs in other languages. */
const isCode = (path) => path.endsWith("snippets.ts");

/** Words, and not the name of a setting with its value. */
const hasWords = (text) => /\p{L}{2}/u.test(text) && !/^[A-Z_]+=\S+$/.test(text.trim());
/** A capital and further words: nobody writes names of classes, keys or types so. */
const isSentence = (text) => /^\p{Lu}\p{Ll}*(?:[’']\p{L}+)?(?: \p{L}[\p{L}’']*[,.:;?!…]?)+/u.test(text.trim());
/** Plain words, with no sign that makes them something of a program. */
const isPhrase = (text) => /^\p{Ll}+(?: \p{Ll}+)+[.…!?]?$/u.test(text.trim());
const nameOf = (node) => node.name?.getText().replaceAll(/["']/g, "") ?? "";

/** Whether a literal is shown: its place in the tree says so. */
function isShown(node) {
  for (let [child, at] = [node, node.parent]; at; [child, at] = [at, at.parent]) {
    if (ts.isJsxAttribute(at)) return spoken.has(nameOf(at));
    if (ts.isPropertyAssignment(at)) return spoken.has(nameOf(at)) && at.initializer === child;
    if (ts.isJsxExpression(at)) return !ts.isJsxAttribute(at.parent) || spoken.has(nameOf(at.parent));
    if (ts.isCallExpression(at)) return says.test(at.expression.getText());
    if (ts.isNewExpression(at)) return /Error$/.test(at.expression.getText());
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

const isLiteral = (node) =>
  ts.isStringLiteral(node) ||
  ts.isNoSubstitutionTemplateLiteral(node) ||
  ts.isTemplateHead(node) ||
  ts.isTemplateMiddle(node) ||
  ts.isTemplateTail(node);
/** Classes of the style sheet under a name that elsewhere means a text. */
const isStyle = (text) => /^[a-z][\w:/[\].%-]*( [!a-z][\w:/[\].%-]*)*$/.test(text) && /[-:/]/.test(text);
/** Other attributes hold classes, relations, names. */
const isOfAttribute = (node) => {
  let at = node.parent;
  while (
    ts.isConditionalExpression(at) ||
    ts.isJsxExpression(at) ||
    ts.isCallExpression(at) ||
    ts.isBinaryExpression(at)
  ) {
    at = at.parent;
  }
  return ts.isJsxAttribute(at);
};
const isImport = (node) => ts.isImportDeclaration(node.parent) || ts.isExportDeclaration(node.parent);

/** Texts of this source that belong into a catalogue, each with its line. */
export function findTexts(path, code) {
  const kind = path.endsWith("x") ? ts.ScriptKind.TSX : ts.ScriptKind.TS;
  const source = ts.createSourceFile(path, code, ts.ScriptTarget.Latest, true, kind);
  const found = [];
  const visit = (node) => {
    const text = ts.isJsxText(node) || isLiteral(node) ? node.text : "";
    const isText =
      hasWords(text) &&
      (ts.isJsxText(node) ||
        (!isImport(node) &&
          !onTheWire.has(text.trim()) &&
          !names.has(text) &&
          ((isShown(node) && !isStyle(text)) ||
            isSentence(text) ||
            (isPhrase(text) && !isOfAttribute(node) && !isCode(path)))));
    if (ts.isCallExpression(node) && node.expression.getText() === "catalogue") return;
    if (isText) {
      const { line } = source.getLineAndCharacterOfPosition(node.getStart());
      found.push({ line: line + 1, text: text.trim().slice(0, 60) });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

const isChecked = (name) => /\.tsx?$/.test(name) && !/(\.test\.tsx?|^messages\.ts|^testing\.ts)$/.test(name);

/** The files whose texts are to stand in catalogues: all but tests, catalogues, and what is generated. */
export function filesToCheck(folder) {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && isChecked(entry.name) && !entry.parentPath.includes("__generated__"))
    .map((entry) => join(entry.parentPath, entry.name));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const src = fileURLToPath(new URL("../src/", import.meta.url));
  let count = 0;
  for (const file of filesToCheck(src)) {
    for (const { line, text } of findTexts(file, readFileSync(file, "utf8"))) {
      count += 1;
      console.log(`${relative(src, file)}:${line}: put into messages.ts: ${text}`);
    }
  }
  console.log(count === 0 ? "texts: all in catalogues" : `texts: ${count} in the code`);
  process.exitCode = count === 0 ? 0 : 1;
}
