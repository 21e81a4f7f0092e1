import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { languageModelsQuery, type ModelChoice, providersQuery } from "@/api/models";
import { ProviderForm } from "@/features/models/provider-form";
import { Button } from "@/ui/button";
import { Labelled, Select } from "@/ui/form";
import { Notice } from "@/ui/notice";
import { Failed, Skeleton } from "@/ui/skeleton";
import { describe } from "@/util/describe";
import { t } from "./messages";

export interface ModelStepProps {
  /** A model can be used from now on. */
  onReady: (model: ModelChoice) => void;
  /** The flow is wanted without one. */
  onSkip: () => void;
  busy: boolean;
  problem: Error | null;
}

/** The provider that most people have a key of comes first. */
const USUAL = "OpenAI";

/** One provider is given its key, so that a flow can run at once. */
export function ModelStep({ onReady, onSkip, busy, problem }: ModelStepProps) {
  const queries = useQueryClient();
  const providers = useQuery(providersQuery);
  const [picked, setPicked] = useState<string>();
  const [missing, setMissing] = useState<string>();
  if (providers.isPending) return <Skeleton rows={3} label={t.loadingTheProviders} />;
  if (providers.isError) {
    return (
      <div className="grid gap-4">
        <Failed text={describe(providers.error)} retry={() => void providers.refetch()} />
        <Button className="justify-self-start" busy={busy} onClick={onSkip}>
          {t.goOnWithoutAModel}
        </Button>
      </div>
    );
  }
  const names = providers.data.map((provider) => provider.provider);
  const name = picked ?? (names.includes(USUAL) ? USUAL : names[0]);
  const current = providers.data.find((provider) => provider.provider === name);
  const proceed = async () => {
    const models = await queries.fetchQuery({ ...languageModelsQuery, staleTime: 0 });
    const model = models.find((candidate) => candidate.provider === name) ?? models[0];
    if (model) onReady(model);
    else setMissing(t.theKeyIsGoodBut);
  };
  return (
    <div className="grid gap-4" data-testid="model-step">
      {problem ? <Notice tone="danger">{describe(problem)}</Notice> : null}
      {missing ? <Notice tone="warn">{missing}</Notice> : null}
      <Labelled label={t.provider}>
        {(ids) => (
          <Select
            {...ids}
            data-testid="model-step-provider"
            value={name}
            onChange={(event) => {
              setPicked(event.target.value);
              setMissing(undefined);
            }}
          >
            {names.map((option) => (
              <option key={option}>{option}</option>
            ))}
          </Select>
        )}
      </Labelled>
      {current ? (
        <ProviderForm
          key={current.provider}
          provider={current}
          autoFocus
          onSaved={proceed}
          actions={
            <Button data-testid="model-step-skip" busy={busy} onClick={onSkip}>
              {t.goOnWithoutAModel}
            </Button>
          }
        />
      ) : null}
    </div>
  );
}
