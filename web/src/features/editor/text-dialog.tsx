import { lazy, Suspense, useState } from "react";
import { describe } from "@/api/client";
import { VariableChips } from "@/fields/structured";
import type { TextEditing } from "@/fields/types";
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
          />
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
