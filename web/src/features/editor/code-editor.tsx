import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { json } from "@codemirror/lang-json";
import { python } from "@codemirror/lang-python";
import {
  bracketMatching,
  defaultHighlightStyle,
  HighlightStyle,
  indentOnInput,
  indentUnit,
  syntaxHighlighting,
} from "@codemirror/language";
import { type Diagnostic, lintGutter, lintKeymap, setDiagnostics } from "@codemirror/lint";
import { MergeView, unifiedMergeView } from "@codemirror/merge";
import { highlightSelectionMatches, searchKeymap } from "@codemirror/search";
import { EditorState, type Extension } from "@codemirror/state";
import { drawSelection, EditorView, highlightActiveLine, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { useEffect, useRef } from "react";
import type { CodeProblem } from "@/flow/code-problems";
import { useTheme } from "@/stores/theme";
import { t } from "./messages";

export interface CodeEditorProps {
  value: string;
  language: "python" | "json";
  label: string;
  onChange: (text: string) => void;
  /** Marked beside their lines. */
  problems?: readonly CodeProblem[];
  /** Shown beside the text, with what differs. */
  original?: string | undefined;
  /** Where to go; a new object goes there again. */
  jump?: { line: number } | undefined;
}

/** Narrower than this, two texts do not fit side by side. */
const SIDE_BY_SIDE_PX = 800;

const darkStyle = HighlightStyle.define([
  { tag: [tags.keyword, tags.operatorKeyword], color: "#c4b5fd" },
  { tag: [tags.string, tags.special(tags.string)], color: "#86efac" },
  { tag: [tags.number, tags.bool, tags.null], color: "#fcd34d" },
  { tag: tags.comment, color: "#9ca3af", fontStyle: "italic" },
  { tag: [tags.function(tags.variableName), tags.definition(tags.variableName)], color: "#93c5fd" },
  { tag: [tags.className, tags.typeName], color: "#67e8f9" },
  { tag: tags.propertyName, color: "#f9a8d4" },
]);

const look = EditorView.theme({
  "&": {
    height: "60vh",
    fontSize: "13px",
    background: "var(--surface)",
    color: "var(--ink)",
  },
  ".cm-scroller": { fontFamily: "var(--font-mono, monospace)", lineHeight: "1.55" },
  ".cm-gutters": { background: "var(--sunken)", color: "var(--ink-soft)", border: "none" },
  ".cm-activeLine": { background: "color-mix(in srgb, var(--accent) 7%, transparent)" },
  ".cm-cursor": { borderLeftColor: "var(--ink)" },
  "&.cm-focused .cm-selectionBackground, .cm-selectionBackground": {
    background: "color-mix(in srgb, var(--accent) 25%, transparent) !important",
  },
  ".cm-collapsedLines": {
    background: "var(--sunken)",
    color: "var(--ink-soft)",
    // The usual sign is in few fonts.
    "&:before, &:after": { content: '"⋯"' },
  },
});

export default function CodeEditor(props: CodeEditorProps) {
  const { value, language, label, onChange, problems, original, jump } = props;
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(undefined);
  const initial = useRef(value);
  const changed = useRef(onChange);
  changed.current = onChange;
  const dark = useTheme((state) => state.dark);

  useEffect(() => {
    if (!host.current) return;
    const extensions = [
      ...common(language, dark),
      history(),
      lintGutter(),
      keymap.of([...defaultKeymap, ...historyKeymap, ...searchKeymap, ...lintKeymap, indentWithTab]),
      EditorView.contentAttributes.of({ "aria-label": label }),
      EditorView.updateListener.of((update) => {
        if (!update.docChanged) return;
        initial.current = update.state.doc.toString();
        changed.current(initial.current);
      }),
    ];
    const shown = open(host.current, initial.current, extensions, original, common(language, dark));
    view.current = shown.editor;
    shown.editor.focus();
    return () => {
      view.current = undefined;
      shown.destroy();
    };
  }, [language, dark, label, original]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: an editor made anew is marked anew
  useEffect(() => {
    const editor = view.current;
    if (editor && problems) editor.dispatch(setDiagnostics(editor.state, marksOf(editor, problems)));
  }, [problems, dark, label, original]);

  useEffect(() => {
    const editor = view.current;
    if (!editor || !jump || jump.line < 1) return;
    const line = editor.state.doc.line(Math.min(jump.line, editor.state.doc.lines));
    editor.dispatch({
      selection: { anchor: line.from },
      effects: EditorView.scrollIntoView(line.from, { y: "center" }),
    });
    editor.focus();
  }, [jump]);

  return <div ref={host} data-testid="code-editor" className="overflow-hidden rounded-lg border border-line" />;
}

/** What an editor and a text that is only looked at have in common. */
function common(language: "python" | "json", dark: boolean): Extension[] {
  return [
    lineNumbers(),
    drawSelection(),
    indentOnInput(),
    indentUnit.of(language === "python" ? "    " : "  "),
    bracketMatching(),
    highlightActiveLine(),
    highlightSelectionMatches(),
    language === "python" ? python() : json(),
    syntaxHighlighting(dark ? darkStyle : defaultHighlightStyle),
    EditorView.theme({}, { dark }),
    look,
  ];
}

/** The editor alone, or beside the text it is compared with. */
function open(
  parent: HTMLElement,
  doc: string,
  extensions: Extension[],
  original: string | undefined,
  readOnly: Extension[],
): { editor: EditorView; destroy: () => void } {
  if (original !== undefined && parent.clientWidth >= SIDE_BY_SIDE_PX) {
    const still = [
      ...readOnly,
      EditorState.readOnly.of(true),
      EditorView.contentAttributes.of({ "aria-label": t.stockCode }),
    ];
    const merge = new MergeView({
      parent,
      a: { doc: original, extensions: still },
      b: { doc, extensions },
      revertControls: "a-to-b",
      renderRevertControl: revertControl,
      // Of two texts that are the same everything is shown.
      ...(original === doc ? {} : { collapseUnchanged: { margin: 3, minSize: 6 } }),
    });
    // Both sides scroll by keys too, where the text in them is not reached.
    for (const side of [merge.a, merge.b]) side.scrollDOM.tabIndex = 0;
    return { editor: merge.b, destroy: () => merge.destroy() };
  }
  const diff = original === undefined ? [] : [unifiedMergeView({ original, mergeControls: false })];
  const editor = new EditorView({ parent, state: EditorState.create({ doc, extensions: [...extensions, diff] }) });
  return { editor, destroy: () => editor.destroy() };
}

function revertControl(): HTMLElement {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = "→";
  button.title = t.takeTheStockLines;
  button.setAttribute("aria-label", t.takeTheStockLines);
  return button;
}

function marksOf(editor: EditorView, problems: readonly CodeProblem[]): Diagnostic[] {
  const { doc } = editor.state;
  return problems
    .filter((problem) => problem.line > 0)
    .map((problem) => {
      const line = doc.line(Math.min(problem.line, doc.lines));
      const indent = line.text.length - line.text.trimStart().length;
      return { from: line.from + indent, to: line.to, severity: "error", message: problem.text };
    });
}
