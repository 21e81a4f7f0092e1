import { useState } from "react";
import { describe } from "@/api/client";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { Input, Labelled } from "@/ui/form";
import { Notice } from "@/ui/notice";
import { t } from "./messages";

export interface RenameDialogProps {
  name: string;
  onSave: (name: string) => Promise<void>;
  onClose: () => void;
}

export function RenameDialog({ name: given, onSave, onClose }: RenameDialogProps) {
  const [name, setName] = useState(given);
  const [problem, setProblem] = useState<string>();
  const save = async () => {
    try {
      await onSave(name.trim());
      onClose();
    } catch (error) {
      setProblem(describe(error));
    }
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={t.renameTheSession}
      footer={
        <>
          <Button onClick={onClose}>{t.cancel}</Button>
          <Button look="primary" type="submit" form="rename-form" disabled={!name.trim()}>
            {t.save}
          </Button>
        </>
      }
    >
      <form
        id="rename-form"
        className="grid gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          if (name.trim()) void save();
        }}
      >
        {problem ? <Notice tone="danger">{problem}</Notice> : null}
        <Labelled label={t.name}>
          {(ids) => (
            <Input
              {...ids}
              autoFocus
              data-testid="session-rename-input"
              value={name}
              onChange={(event) => setName(event.target.value)}
            />
          )}
        </Labelled>
      </form>
    </Dialog>
  );
}
