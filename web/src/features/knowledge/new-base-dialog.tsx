import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { createBase, embeddingModelsQuery, type KnowledgeBase, knowledgeBasesQuery } from "@/api/knowledge";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { Labelled, Select } from "@/ui/form";
import { Notice } from "@/ui/notice";
import { TextField } from "@/ui/text-field";
import { describe } from "@/util/describe";
import { t } from "./messages";

export interface NewBaseDialogProps {
  onClose: () => void;
  onMade: (base: KnowledgeBase) => void;
}

export function NewBaseDialog({ onClose, onMade }: NewBaseDialogProps) {
  const queries = useQueryClient();
  const models = useQuery(embeddingModelsQuery);
  const known = useQuery(knowledgeBasesQuery);
  const [name, setName] = useState("");
  const [picked, setPicked] = useState(0);
  const list = models.data ?? [];
  const model = list[picked];
  const isTaken = (known.data ?? []).some((base) => base.name === name.trim());
  const isReady = name.trim().length > 0 && !isTaken && model !== undefined;
  const create = useMutation({
    mutationFn: async () => {
      if (!model) throw new Error(t.chooseAnEmbeddingModel);
      return createBase(name.trim(), model);
    },
    onSuccess: async (base) => {
      await queries.invalidateQueries({ queryKey: knowledgeBasesQuery.queryKey });
      onMade(base);
    },
  });
  return (
    <Dialog
      open
      onClose={onClose}
      title={t.newKnowledgeBase}
      footer={
        <>
          <Button onClick={onClose}>{t.cancel}</Button>
          <Button
            look="primary"
            type="submit"
            form="base-form"
            data-testid="kb-create-button"
            busy={create.isPending}
            disabled={!isReady}
          >
            {t.create}
          </Button>
        </>
      }
    >
      <form
        id="base-form"
        className="grid gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          if (isReady) create.mutate();
        }}
      >
        {create.isError ? <Notice tone="danger">{describe(create.error)}</Notice> : null}
        {models.isError ? <Notice tone="danger">{describe(models.error)}</Notice> : null}
        <TextField
          label={t.name}
          required
          autoFocus
          testId="kb-source-name-input"
          error={isTaken ? t.youHaveAKnowledgeBase : undefined}
          value={name}
          onChange={setName}
        />
        <Labelled label={t.embeddingModel} required hint={t.turnsTextIntoNumbersIt}>
          {(ids) => (
            <Select
              {...ids}
              data-testid="kb-embedding-model"
              value={picked}
              onChange={(event) => setPicked(Number(event.target.value))}
            >
              {list.map((option, index) => (
                <option key={`${option.provider} ${option.name}`} value={index}>
                  {option.provider}: {option.name}
                </option>
              ))}
            </Select>
          )}
        </Labelled>
        {models.data && list.length === 0 ? (
          <Notice tone="warn">
            {t.noEmbeddingModelCanBe}{" "}
            <Link to="/settings/$section" params={{ section: "model-providers" }} className="underline">
              {t.setUpAProvider}
            </Link>{" "}
            {t.first}
          </Notice>
        ) : null}
      </form>
    </Dialog>
  );
}
