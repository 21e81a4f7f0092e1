import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { type Provider, type ProviderVariable, setUpProvider } from "@/api/models";
import { variablesQuery } from "@/api/queries";
import { Button } from "@/ui/button";
import { Notice } from "@/ui/notice";
import { TextField } from "@/ui/text-field";
import { describe } from "@/util/describe";
import { t } from "./messages";

export interface ProviderFormProps {
  provider: Provider;
  onSaved: () => void | Promise<void>;
  /** Beside the button that saves. */
  actions?: ReactNode;
  autoFocus?: boolean;
}

/** What a provider needs; saved once the provider itself has taken it. */
export function ProviderForm({ provider, onSaved, actions, autoFocus }: ProviderFormProps) {
  const queries = useQueryClient();
  const variables = useQuery(variablesQuery);
  const [values, setValues] = useState<Record<string, string>>({});
  const wanted = provider.variables ?? [];
  const isStored = (key: string) => (variables.data ?? []).some((variable) => variable.name === key);
  const save = useMutation({
    mutationFn: () => setUpProvider(provider, values, variables.data ?? []),
    onSuccess: async () => {
      setValues({});
      await queries.invalidateQueries({ queryKey: ["models"] });
      await queries.invalidateQueries({ queryKey: variablesQuery.queryKey });
      await onSaved();
    },
  });
  const isMissing = wanted.some(
    ({ required, variable_key: key }) => required && !values[key]?.trim() && !isStored(key),
  );
  const isChanged = Object.values(values).some((value) => value.trim());
  const optional = wanted.filter((variable) => !variable.required);
  const field = (variable: ProviderVariable, isFirst: boolean) => (
    <TextField
      key={variable.variable_key}
      label={variable.variable_name}
      required={variable.required}
      secret={variable.is_secret}
      hint={isStored(variable.variable_key) ? t.storedTypeToReplaceIt : variable.description}
      testId={`provider-variable-input-${variable.variable_key}`}
      autoComplete="off"
      autoFocus={autoFocus && isFirst}
      list={variable.options?.length ? `options-${variable.variable_key}` : undefined}
      value={values[variable.variable_key] ?? ""}
      onChange={(value) => setValues({ ...values, [variable.variable_key]: value })}
    />
  );
  return (
    <form
      className="grid gap-4"
      aria-label={provider.provider}
      onSubmit={(event) => {
        event.preventDefault();
        if (!isMissing && isChanged) save.mutate();
      }}
    >
      {save.isError ? <Notice tone="danger">{describe(save.error)}</Notice> : null}
      {wanted.filter((variable) => variable.required).map((variable, index) => field(variable, index === 0))}
      {optional.length > 0 ? (
        <details open={optional.length === wanted.length}>
          <summary className="text-[13px] font-medium">{t.moreSettings}</summary>
          <div className="mt-3 grid gap-4">
            {optional.map((variable, index) => field(variable, index === 0 && optional.length === wanted.length))}
          </div>
        </details>
      ) : null}
      {wanted
        .filter((variable) => variable.options?.length)
        .map((variable) => (
          <datalist key={variable.variable_key} id={`options-${variable.variable_key}`}>
            {variable.options?.map((option) => (
              <option key={option} value={option} />
            ))}
          </datalist>
        ))}
      <div className="flex flex-wrap gap-2">
        <Button
          type="submit"
          look="primary"
          data-testid="provider-save-button"
          busy={save.isPending}
          disabled={isMissing || !isChanged}
        >
          {t.checkAndSave}
        </Button>
        {actions}
      </div>
    </form>
  );
}
