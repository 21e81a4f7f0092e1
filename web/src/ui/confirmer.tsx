import { useConfirm } from "@/stores/confirm";
import { Button } from "./button";
import { Dialog } from "./dialog";
import { t } from "./messages";

/** The one question dialog of the page. */
export function Confirmer() {
  const { question, answer } = useConfirm();
  if (!question) return null;
  return (
    <Dialog
      open
      onClose={() => answer(false)}
      title={question.title}
      footer={
        <>
          <Button onClick={() => answer(false)}>{t.cancel}</Button>
          <Button
            look={question.danger ? "danger" : "primary"}
            data-testid="replace-button"
            onClick={() => answer(true)}
          >
            {question.yes}
          </Button>
        </>
      }
    >
      <p className="whitespace-pre-line text-sm text-ink-soft">{question.text}</p>
    </Dialog>
  );
}
