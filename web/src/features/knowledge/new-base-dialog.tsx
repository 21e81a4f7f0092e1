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
      if (!model) throw new Error("Choose an embedding model.");
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
      title="New knowledge base"
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            look="primary"
            type="submit"
            form="base-form"
            data-testid="kb-create-button"
            busy={create.isPending}
            disabled={!isReady}
          >
            Create
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
          label="Name"
          required
          autoFocus
          testId="kb-source-name-input"
          error={isTaken ? "You have a knowledge base of this name already." : undefined}
          value={name}
          onChange={setName}
        />
        <Labelled
          label="Embedding model"
          required
          hint="Turns text into numbers. It stays the same for the life of the knowledge base."
        >
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
            No embedding model can be used yet.{" "}
            <Link to="/settings/$section" params={{ section: "model-providers" }} className="underline">
              Set up a provider
            </Link>{" "}
            first.
          </Notice>
        ) : null}
      </form>
    </Dialog>
  );
}
