import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Check as CheckIcon } from "lucide-react";
import { useState } from "react";
import { api, describe } from "@/api/client";
import { variablesQuery } from "@/api/queries";
import { toast } from "@/stores/toast";
import { Button } from "@/ui/button";
import { Input, Labelled, PasswordInput, Switch } from "@/ui/form";
import { Notice } from "@/ui/notice";
import { Failed, Skeleton } from "@/ui/skeleton";
import { cn } from "@/util/cn";

interface ProviderVariable {
  variable_name: string;
  variable_key: string;
  description?: string;
  required: boolean;
  is_secret: boolean;
}

interface Provider {
  provider: string;
  variables?: ProviderVariable[];
  models: { model_name: string; metadata?: { model_type?: string; deprecated?: boolean; tool_calling?: boolean } }[];
  is_configured?: boolean;
}

type Enabled = { enabled_models: Record<string, Record<string, boolean>> };

export default function ModelProviders() {
  const providers = useQuery({
    queryKey: ["models", "configure"],
    queryFn: ({ signal }) => api<Provider[]>("/api/v1/models", { query: { purpose: "configure" }, signal }),
  });
  const [picked, setPicked] = useState<string>();
  if (providers.isPending) return <Skeleton rows={5} />;
  if (providers.isError) return <Failed text={describe(providers.error)} retry={() => void providers.refetch()} />;
  const current = providers.data.find((provider) => provider.provider === picked);
  return (
    <div className="grid gap-4 md:grid-cols-[14rem_1fr]">
      <ul className="grid content-start gap-1">
        {providers.data.map((provider) => (
          <li key={provider.provider}>
            <button
              type="button"
              data-testid={`provider-item-${provider.provider}`}
              aria-pressed={provider === current}
              onClick={() => setPicked(provider.provider)}
              className={cn(
                "flex w-full items-center gap-2 rounded-lg px-3 py-2 text-left text-sm hover:bg-sunken",
                provider === current && "bg-sunken font-medium",
              )}
            >
              <span className="flex-1">{provider.provider}</span>
              {provider.is_configured ? (
                <CheckIcon size={15} className="text-ok" role="img" aria-label="set up" />
              ) : null}
            </button>
          </li>
        ))}
      </ul>
      {current ? (
        <ProviderForm key={current.provider} provider={current} />
      ) : (
        <p className="text-ink-soft">Choose a provider to give it a key.</p>
      )}
    </div>
  );
}

function ProviderForm({ provider }: { provider: Provider }) {
  const queries = useQueryClient();
  const variables = useQuery(variablesQuery);
  const [values, setValues] = useState<Record<string, string>>({});
  const wanted = provider.variables ?? [];
  const stored = (key: string) => variables.data?.find((variable) => variable.name === key);
  const refresh = async () => {
    await queries.invalidateQueries({ queryKey: ["models"] });
    await queries.invalidateQueries({ queryKey: ["variables"] });
  };
  const save = useMutation({
    mutationFn: async () => {
      const filled = Object.fromEntries(Object.entries(values).filter(([, value]) => value.trim()));
      const check = await api<{ valid: boolean; error: string | null }>("/api/v1/models/validate-provider", {
        method: "POST",
        body: { provider: provider.provider, variables: filled },
      });
      if (!check.valid) throw new Error(check.error ?? "The provider refused these values.");
      for (const variable of wanted) {
        const value = filled[variable.variable_key];
        if (!value) continue;
        const known = stored(variable.variable_key);
        const type = variable.is_secret ? "Credential" : "Generic";
        const body = { name: variable.variable_key, value, type, default_fields: [] };
        if (known) await api(`/api/v1/variables/${known.id}`, { method: "PATCH", body: { id: known.id, ...body } });
        else await api("/api/v1/variables/", { method: "POST", body });
      }
    },
    onSuccess: async () => {
      setValues({});
      toast.ok(`${provider.provider} is set up.`);
      await refresh();
    },
  });
  const disconnect = async () => {
    try {
      for (const variable of wanted) {
        const known = stored(variable.variable_key);
        if (known) await api(`/api/v1/variables/${known.id}`, { method: "DELETE" });
      }
    } catch (error) {
      toast.error(describe(error));
    }
    await refresh();
  };
  const isMissing = wanted.some(({ required, variable_key: key }) => required && !values[key]?.trim() && !stored(key));
  const isChanged = Object.values(values).some((value) => value.trim());
  return (
    <div className="grid content-start gap-6">
      <form
        className="grid gap-4 rounded-xl border border-line bg-surface p-4"
        aria-label={provider.provider}
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate();
        }}
      >
        <h2 className="font-semibold">{provider.provider}</h2>
        {save.isError ? <Notice tone="danger">{describe(save.error)}</Notice> : null}
        {wanted.map((variable) => {
          const known = stored(variable.variable_key);
          const Control = variable.is_secret ? PasswordInput : Input;
          return (
            <Labelled
              key={variable.variable_key}
              label={variable.variable_name}
              required={variable.required}
              hint={known ? "Stored. Type to replace it." : variable.description}
            >
              {(ids) => (
                <Control
                  {...ids}
                  data-testid={`provider-variable-input-${variable.variable_key}`}
                  autoComplete="off"
                  value={values[variable.variable_key] ?? ""}
                  onChange={(event) => setValues({ ...values, [variable.variable_key]: event.target.value })}
                />
              )}
            </Labelled>
          );
        })}
        <div className="flex gap-2">
          <Button
            type="submit"
            look="primary"
            data-testid="provider-save-button"
            busy={save.isPending}
            disabled={isMissing || !isChanged}
          >
            Check and save
          </Button>
          {wanted.some((variable) => stored(variable.variable_key)) ? (
            <Button data-testid="provider-disconnect-button" onClick={() => void disconnect()}>
              Disconnect
            </Button>
          ) : null}
        </div>
      </form>
      <ModelList provider={provider} />
    </div>
  );
}

function ModelList({ provider }: { provider: Provider }) {
  const queries = useQueryClient();
  const enabled = useQuery({
    queryKey: ["models", "enabled"],
    queryFn: ({ signal }) => api<Enabled>("/api/v1/models/enabled_models", { query: { purpose: "configure" }, signal }),
  });
  const states = enabled.data?.enabled_models[provider.provider] ?? {};
  const set = async (model: string, on: boolean, type: string | undefined) => {
    try {
      await api("/api/v1/models/enabled_models", {
        method: "POST",
        body: [{ provider: provider.provider, model_id: model, enabled: on, ...(type ? { model_type: type } : {}) }],
      });
      await queries.invalidateQueries({ queryKey: ["models"] });
    } catch (error) {
      toast.error(describe(error));
    }
  };
  const models = provider.models.filter((model) => !model.metadata?.deprecated);
  if (models.length === 0)
    return <p className="text-sm text-ink-soft">The models are listed once the provider is set up.</p>;
  return (
    <ul className="grid gap-1" aria-label="Models">
      {models.map((model) => (
        <li key={model.model_name} className="flex items-center gap-3 rounded-lg px-3 py-1.5 hover:bg-sunken">
          <span className="flex-1 truncate text-sm">{model.model_name}</span>
          {model.metadata?.model_type === "embeddings" ? (
            <span className="text-xs text-ink-soft">embeddings</span>
          ) : null}
          {model.metadata?.tool_calling ? <span className="text-xs text-ink-soft">tools</span> : null}
          <Switch
            label={`Offer ${model.model_name}`}
            testId={`llm-toggle-${model.model_name}`}
            checked={states[model.model_name] ?? false}
            disabled={!provider.is_configured}
            onChange={(on) => void set(model.model_name, on, model.metadata?.model_type)}
          />
        </li>
      ))}
    </ul>
  );
}
