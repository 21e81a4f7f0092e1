import { lazy, Suspense, useEffect, useState } from "react";
import { api, describe } from "@/api/client";
import { VariableChips } from "@/fields/structured";
import type { TextEditing } from "@/fields/types";
import { type CodeProblem, readProblems } from "@/flow/code-problems";
import { promptVariables } from "@/flow/prompt";
import { confirm } from "@/stores/confirm";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { TextArea } from "@/ui/form";
import { Notice } from "@/ui/notice";
import { t } from "./messages";

const CodeEditor = lazy(() => import("./code-editor"));

/** A large box for long text, prompts and code. Unsaved edits are never dropped without asking. */
export default function TextDialog({ editing, onClose }: { editing: TextEditing; onClose: () => void }) {
  const [text, setText] = useState(editing.value);
  const [problem, setProblem] = useState<string>();
  const [isBusy, setIsBusy] = useState(false);
  const [isCompared, setIsCompared] = useState(false);
  const [jump, setJump] = useState<{ line: number }>();
  const problems = useCodeProblems(text, editing.language === "python");
  const isCode = editing.language === "python" || editing.language === "json";
  const names = editing.language === "prompt" ? promptVariables(text, editing.isMustache) : [];
  const close = async () => {
    if (text !== editing.value) {
      const yes = await confirm({
        title: t.discardYourEdits,
        text: t.whatYouTypedHereIs,
        yes: t.discard,
        danger: true,
      });
      if (!yes) return;
    }
    onClose();
  };
  const save = async () => {
    setProblem(undefined);
    setIsBusy(true);
    try {
      await editing.save(text);
      onClose();
    } catch (error) {
      setProblem(describe(error));
      setIsBusy(false);
    }
  };
  return (
    <Dialog
      open
      onClose={() => void close()}
      title={editing.title}
      size="xl"
      footer={
        <>
          {editing.stock === undefined ? null : (
            <Button
              data-testid="compare-code-button"
              aria-pressed={isCompared}
              className="mr-auto"
              onClick={() => setIsCompared(!isCompared)}
            >
              {isCompared ? t.endTheComparison : t.compareWithTheStockComponent}
            </Button>
          )}
          <Button onClick={() => void close()}>{t.cancel}</Button>
          <Button
            look="primary"
            data-testid={isCode ? "checkAndSaveBtn" : "genericModalBtnSave"}
            busy={isBusy}
            onClick={() => void save()}
          >
            {isCode || editing.language === "prompt" ? t.checkSave : t.save}
          </Button>
        </>
      }
    >
      {problem ? (
        <Notice tone="danger" className="mb-3 whitespace-pre-wrap">
          <span data-testid="title_error_code_modal">{problem}</span>
        </Notice>
      ) : null}
      {isCode ? (
        <Suspense fallback={<div className="skeleton h-[60vh]" />}>
          <CodeEditor
            value={text}
            language={editing.language === "json" ? "json" : "python"}
            label={editing.title}
            onChange={setText}
            problems={problems}
            original={isCompared ? editing.stock : undefined}
            jump={jump}
          />
          <ProblemList problems={problems} onPick={(line) => setJump({ line })} />
        </Suspense>
      ) : (
        <TextArea
          autoFocus
          aria-label={editing.title}
          data-testid={editing.language === "prompt" ? "modal-promptarea_prompt_template" : "text-area-modal"}
          className="h-[60vh] font-mono text-[13px]"
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
      )}
      {editing.language === "prompt" ? (
        <div className="mt-2 flex min-h-6 items-center gap-2 text-[13px] text-ink-soft">
          {names.length > 0 ? t.inputs : t.aNameInBracesBecomes}
          <VariableChips names={names} />
        </div>
      ) : null}
    </Dialog>
  );
}

/** After this long without a key the code is checked. */
const CHECK_AFTER_MS = 400;
const none: CodeProblem[] = [];

/** What the server's parser finds, while one types. */
function useCodeProblems(code: string, isPython: boolean): CodeProblem[] {
  const [problems, setProblems] = useState(none);
  useEffect(() => {
    if (!isPython) return;
    const abort = new AbortController();
    const timer = setTimeout(() => {
      api<unknown>("/api/v1/validate/code", { method: "POST", body: { code }, signal: abort.signal })
        .then((answer) => setProblems(readProblems(answer, code)))
        // Without an answer there is nothing to mark; saving checks again and tells what is wrong.
        .catch(() => undefined);
    }, CHECK_AFTER_MS);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [code, isPython]);
  return problems;
}

function ProblemList({ problems, onPick }: { problems: CodeProblem[]; onPick: (line: number) => void }) {
  if (problems.length === 0) return null;
  return (
    <ul
      aria-label={t.problemsOfTheCode}
      aria-live="polite"
      data-testid="code-problems"
      className="mt-2 grid gap-1 text-[13px]"
    >
      {problems.map((problem) => (
        <li key={`${problem.line} ${problem.text}`}>
          <button
            type="button"
            className="text-left text-danger hover:underline disabled:no-underline"
            disabled={problem.line === 0}
            onClick={() => onPick(problem.line)}
          >
            {problem.line > 0 ? t.lineAndProblem(problem.line, problem.text) : problem.text}
          </button>
        </li>
      ))}
    </ul>
  );
}
