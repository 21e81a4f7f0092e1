import { useQuery } from "@tanstack/react-query";
import { Check as CheckIcon } from "lucide-react";
import { useState } from "react";
import { api } from "@/api/client";
import { enabledModelsQuery, offerModel, type Provider, type ProviderModel, providersQuery } from "@/api/models";
import { variablesQuery } from "@/api/queries";
import { ProviderForm } from "@/features/models/provider-form";
import { useRemove } from "@/hooks/use-remove";
import { toast } from "@/stores/toast";
import { Button } from "@/ui/button";
import { Switch } from "@/ui/form";
import { SearchBox } from "@/ui/search-box";
import { Failed, Skeleton } from "@/ui/skeleton";
import { cn } from "@/util/cn";
import { describe } from "@/util/describe";
import { t } from "./messages";

export default function ModelProviders() {
  const providers = useQuery(providersQuery);
  const [picked, setPicked] = useState<string>();
  const [search, setSearch] = useState("");
  if (providers.isPending) return <Skeleton rows={5} label={t.loadingTheProviders} />;
  if (providers.isError) return <Failed text={describe(providers.error)} retry={() => void providers.refetch()} />;
  const current = providers.data.find((provider) => provider.provider === picked);
  const found = providers.data.filter(({ provider }) => provider.toLowerCase().includes(search.trim().toLowerCase()));
  return (
    <div className="grid gap-4">
      <p className="text-sm text-ink-soft">{t.giveAProviderItsKey}</p>
      <div className="grid gap-4 md:grid-cols-[15rem_1fr]">
        <div className="grid content-start gap-2">
          <SearchBox label={t.searchProviders} placeholder={t.searchProviders2} value={search} onChange={setSearch} />
          <ul className="grid content-start gap-1">
            {found.map((provider) => (
              <li key={provider.provider}>
                <ProviderCard
                  provider={provider}
                  isPicked={provider === current}
                  onPick={() => setPicked(provider.provider)}
                />
              </li>
            ))}
          </ul>
          {found.length === 0 ? <p className="py-4 text-center text-sm text-ink-soft">{t.noSuchProvider}</p> : null}
        </div>
        {current ? (
          <ProviderDetail key={current.provider} provider={current} />
        ) : (
          <p className="text-ink-soft">{t.chooseAProviderToGive}</p>
        )}
      </div>
    </div>
  );
}

function ProviderCard({ provider, isPicked, onPick }: { provider: Provider; isPicked: boolean; onPick: () => void }) {
  const count = provider.models.length;
  return (
    <button
      type="button"
      data-testid={`provider-item-${provider.provider}`}
      aria-pressed={isPicked}
      onClick={onPick}
      className={cn(
        "flex w-full items-center gap-2 rounded-lg border bg-surface px-3 py-2 text-left text-sm hover:border-line-strong",
        "border-line aria-pressed:border-accent",
      )}
    >
      <span className="min-w-0 flex-1">
        <span className="block truncate font-medium">{provider.provider}</span>
        <span className="block text-xs text-ink-soft">
          {provider.is_configured ? t.setUp(count === 1 ? t.n1Model : t.models(count)) : t.notSetUp}
        </span>
      </span>
      {provider.is_configured ? <CheckIcon size={15} className="shrink-0 text-ok" aria-hidden="true" /> : null}
    </button>
  );
}

function ProviderDetail({ provider }: { provider: Provider }) {
  const variables = useQuery(variablesQuery);
  const remove = useRemove();
  const keys = (provider.variables ?? []).map((variable) => variable.variable_key);
  const stored = (variables.data ?? []).filter((variable) => keys.includes(variable.name));
  const disconnect = () =>
    remove({
      question: {
        title: t.disconnect(provider.provider),
        text: t.theseVariablesAreDeletedFlows(stored.map((variable) => `• ${variable.name}`).join("\n")),
        yes: t.disconnect2,
      },
      run: async () => {
        for (const variable of stored) await api(`/api/v1/variables/${variable.id}`, { method: "DELETE" });
      },
      stale: [["models"], variablesQuery.queryKey],
    });
  return (
    <div className="order-first grid content-start gap-6 md:order-none">
      <section className="grid gap-4 rounded-xl border border-line bg-surface p-4">
        <h2 className="font-semibold">{provider.provider}</h2>
        <ProviderForm
          provider={provider}
          onSaved={() => {
            toast.ok(t.isSetUp(provider.provider));
          }}
          actions={
            stored.length > 0 ? (
              <Button data-testid="provider-disconnect-button" onClick={() => void disconnect()}>
                {t.disconnect2}
              </Button>
            ) : null
          }
        />
      </section>
      <ModelList provider={provider} />
    </div>
  );
}

function ModelList({ provider }: { provider: Provider }) {
  const enabled = useQuery(enabledModelsQuery);
  const change = useRemove();
  const states = enabled.data?.enabled_models[provider.provider] ?? {};
  const models = provider.models.filter((model) => !model.metadata?.deprecated);
  if (models.length === 0) return <p className="text-sm text-ink-soft">{t.theModelsAreListedOnce}</p>;
  return (
    <section aria-label={t.models2} className="grid gap-2">
      <h2 className="text-sm font-semibold">{t.modelsThatFieldsOffer}</h2>
      <ul className="grid gap-1">
        {models.map((model) => (
          <li
            key={`${model.model_name} ${model.metadata?.model_type}`}
            className="flex items-center gap-3 rounded-lg px-3 py-1.5 hover:bg-sunken"
          >
            <span className="min-w-0 flex-1 truncate text-sm">{model.model_name}</span>
            {marksOf(model).map((mark) => (
              <span key={mark} className="text-xs text-ink-soft">
                {mark}
              </span>
            ))}
            <Switch
              label={t.offer(model.model_name)}
              testId={`llm-toggle-${model.model_name}`}
              checked={states[model.model_name] ?? false}
              disabled={!provider.is_configured}
              onChange={(on) =>
                void change({ run: () => offerModel(provider.provider, model, on), stale: [["models"]] })
              }
            />
          </li>
        ))}
      </ul>
    </section>
  );
}

function marksOf({ metadata }: ProviderModel): string[] {
  return [
    ...(metadata?.model_type === "embeddings" ? ["embeddings"] : []),
    ...(metadata?.tool_calling ? ["tools"] : []),
    ...(metadata?.reasoning ? ["reasoning"] : []),
    ...(metadata?.preview ? ["preview"] : []),
  ];
}
