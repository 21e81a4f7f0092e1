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
import { highlightSelectionMatches, searchKeymap } from "@codemirror/search";
import { EditorState } from "@codemirror/state";
import { drawSelection, EditorView, highlightActiveLine, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { useEffect, useRef } from "react";
import { useTheme } from "@/stores/theme";

export interface CodeEditorProps {
  value: string;
  language: "python" | "json";
  label: string;
  onChange: (text: string) => void;
}

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
    border: "1px solid var(--line)",
    borderRadius: "8px",
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
});

export default function CodeEditor({ value, language, label, onChange }: CodeEditorProps) {
  const host = useRef<HTMLDivElement>(null);
  const initial = useRef(value);
  const changed = useRef(onChange);
  changed.current = onChange;
  const dark = useTheme((state) => state.dark);

  useEffect(() => {
    if (!host.current) return;
    const editor = new EditorView({
      parent: host.current,
      state: EditorState.create({
        doc: initial.current,
        extensions: [
          lineNumbers(),
          history(),
          drawSelection(),
          indentOnInput(),
          indentUnit.of(language === "python" ? "    " : "  "),
          bracketMatching(),
          highlightActiveLine(),
          highlightSelectionMatches(),
          keymap.of([...defaultKeymap, ...historyKeymap, ...searchKeymap, indentWithTab]),
          language === "python" ? python() : json(),
          syntaxHighlighting(dark ? darkStyle : defaultHighlightStyle),
          look,
          EditorView.contentAttributes.of({ "aria-label": label }),
          EditorView.updateListener.of((update) => {
            if (!update.docChanged) return;
            initial.current = update.state.doc.toString();
            changed.current(initial.current);
          }),
        ],
      }),
    });
    editor.focus();
    return () => editor.destroy();
  }, [language, dark, label]);

  return <div ref={host} data-testid="code-editor" />;
}
