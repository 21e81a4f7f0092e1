/** Model providers: what they need, whether they are set up, and which of their models are offered. */
import { queryOptions } from "@tanstack/react-query";
import { api } from "./client";
import { t } from "./messages";
import type { Variable } from "./types";

export interface ProviderVariable {
  variable_name: string;
  variable_key: string;
  description?: string;
  required: boolean;
  is_secret: boolean;
  options?: string[];
}

export interface ProviderModel {
  model_name: string;
  metadata?: {
    model_type?: string;
    default?: boolean;
    deprecated?: boolean;
    preview?: boolean;
    reasoning?: boolean;
    tool_calling?: boolean;
  };
}

export interface Provider {
  provider: string;
  icon?: string;
  variables?: ProviderVariable[];
  models: ProviderModel[];
  api_docs_url?: string | null;
  is_configured?: boolean;
  is_enabled?: boolean;
}

/** The value of a model field. */
export type ModelChoice = { name: string; provider: string; [key: string]: unknown };

type Enabled = { enabled_models: Record<string, Record<string, boolean>> };

const models = "/api/v1/models";

export const providersQuery = queryOptions({
  queryKey: ["models", "configure"],
  queryFn: ({ signal }) => api<Provider[]>(models, { query: { purpose: "configure" }, signal }),
});

export const enabledModelsQuery = queryOptions({
  queryKey: ["models", "enabled"],
  queryFn: ({ signal }) => api<Enabled>(`${models}/enabled_models`, { query: { purpose: "configure" }, signal }),
});

/** Models that can be used now: of providers that are set up, and not switched off. The default comes first. */
export const languageModelsQuery = queryOptions({
  queryKey: ["models", "options", "language"],
  queryFn: ({ signal }) => api<ModelChoice[]>("/api/v1/model_options/language", { signal }),
});

/** Asks the provider itself whether it takes these values, then keeps them as variables of the user. */
export async function setUpProvider(
  provider: Provider,
  values: Record<string, string>,
  stored: Variable[],
): Promise<void> {
  const variables = Object.fromEntries(Object.entries(values).filter(([, value]) => value.trim()));
  const check = await api<{ valid: boolean; error: string | null }>(`${models}/validate-provider`, {
    method: "POST",
    body: { provider: provider.provider, variables },
  });
  if (!check.valid) throw new Error(check.error ?? t.theProviderRefusedTheseValues);
  for (const { variable_key: name, is_secret } of provider.variables ?? []) {
    const value = variables[name];
    if (!value) continue;
    const known = stored.find((variable) => variable.name === name);
    const body = { name, value, type: is_secret ? "Credential" : "Generic", default_fields: [] };
    if (known) await api(`/api/v1/variables/${known.id}`, { method: "PATCH", body: { id: known.id, ...body } });
    else await api("/api/v1/variables/", { method: "POST", body });
  }
}

export async function offerModel(provider: string, model: ProviderModel, isOffered: boolean): Promise<void> {
  const type = model.metadata?.model_type;
  await api(`${models}/enabled_models`, {
    method: "POST",
    body: [{ provider, model_id: model.model_name, enabled: isOffered, ...(type ? { model_type: type } : {}) }],
  });
}
