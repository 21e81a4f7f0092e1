import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Check, Copy } from "lucide-react";
import { useState } from "react";
import { describe } from "@/api/client";
import { createKey, type ScopeText, scopeNames } from "@/api/keys";
import { headersQuery, keysQuery } from "@/api/queries";
import { confirm } from "@/stores/confirm";
import { toast } from "@/stores/toast";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { Check as CheckBox, Input, Select } from "@/ui/form";
import { Notice } from "@/ui/notice";
import { TextField } from "@/ui/text-field";
import { copyText } from "@/util/download";
import { t } from "./messages";

const spans = [
  { label: t.n1Week, days: 7 },
  { label: t.n1Month, days: 30 },
  { label: t.n1Year, days: 365 },
  { label: t.never, days: 0 },
] as const;

const day = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

export function NewKeyDialog({ onClose }: { onClose: () => void }) {
  const queries = useQueryClient();
  const [name, setName] = useState("");
  const [expires, setExpires] = useState("");
  const [scopes, setScopes] = useState<string[]>();
  const [limit, setLimit] = useState("");
  const [copied, setCopied] = useState(false);
  const create = useMutation({
    mutationFn: () => createKey({ name, expires, scopes, limitPerMinute: Number(limit) || undefined }),
    onSuccess: () => queries.invalidateQueries({ queryKey: keysQuery.queryKey }),
  });
  const isUseless = scopes?.length === 0;
  const made = create.data?.api_key;

  const close = async () => {
    const question = {
      title: t.closeWithoutCopying,
      text: t.theKeyWillNotBe,
      yes: t.closeAnyway,
    };
    if (made && !copied && !(await confirm(question))) return;
    onClose();
  };
  const copy = async () => {
    if (!made) return;
    setCopied(true);
    if (!(await copyText(made))) toast.info(t.selectTheKeyAndCopy);
  };

  if (made) {
    return (
      <Dialog
        open
        onClose={() => void close()}
        title={t.saveYourApiKey}
        description={t.thisIsTheOnlyTime}
        footer={
          <Button look="primary" data-testid="btn-cancel-modal" onClick={() => void close()}>
            {t.done}
          </Button>
        }
      >
        <div className="flex gap-2">
          <Input
            readOnly
            data-testid="api-key-input"
            aria-label={t.newApiKey}
            value={made}
            className="font-mono text-[13px]"
            onFocus={(event) => event.target.select()}
            onCopy={() => setCopied(true)}
          />
          <Button data-testid="btn-copy-api-key" onClick={() => void copy()}>
            {copied ? <Check size={16} aria-hidden="true" /> : <Copy size={16} aria-hidden="true" />}
            {copied ? t.copied : t.copy}
          </Button>
        </div>
      </Dialog>
    );
  }
  return (
    <Dialog
      open
      onClose={onClose}
      title={t.createApiKey}
      description={t.itActsWithYourRights}
      footer={
        <>
          <Button onClick={onClose}>{t.cancel}</Button>
          <Button
            look="primary"
            type="submit"
            form="new-key"
            data-testid="secret_key_modal_submit_button"
            busy={create.isPending}
            disabled={isUseless}
          >
            {t.createApiKey}
          </Button>
        </>
      }
    >
      <form
        id="new-key"
        className="grid gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          if (!isUseless) create.mutate();
        }}
      >
        {create.isError ? <Notice tone="danger">{describe(create.error)}</Notice> : null}
        <TextField
          label={t.name}
          id="primary-input"
          autoFocus
          maxLength={200}
          placeholder={t.myApiKey}
          value={name}
          onChange={setName}
        />
        <TextField
          label={t.expires}
          hint={t.emptyMeansNever}
          type="date"
          testId="expires-at-input"
          min={day(0)}
          value={expires}
          onChange={setExpires}
        />
        <div className="flex flex-wrap gap-2">
          {spans.map(({ label, days }) => {
            const value = days === 0 ? "" : day(days);
            const isChosen = expires === value;
            return (
              <Button
                key={label}
                size="sm"
                aria-pressed={isChosen}
                className="aria-pressed:border-accent aria-pressed:text-accent"
                onClick={() => setExpires(value)}
              >
                {label}
              </Button>
            );
          })}
        </div>
        <ScopePicker scopes={scopes} onChange={setScopes} />
        <TextField
          label={t.callsAMinute}
          hint={t.emptyMeansAsManyAs}
          type="number"
          min={1}
          inputMode="numeric"
          value={limit}
          onChange={setLimit}
        />
      </form>
    </Dialog>
  );
}

const scopeTexts = Object.keys(scopeNames) as ScopeText[];

/** All rights of the user, or only those that are ticked. */
function ScopePicker({ scopes, onChange }: { scopes: string[] | undefined; onChange: (scopes?: string[]) => void }) {
  const flows = useQuery({ ...headersQuery, enabled: scopes !== undefined }).data ?? [];
  const one = scopes?.find((scope) => scope.startsWith("run:")) ?? "";
  const toggle = (scope: string) =>
    onChange(scopes?.includes(scope) ? scopes.filter((other) => other !== scope) : [...(scopes ?? []), scope]);
  return (
    <fieldset className="grid gap-2">
      <legend className="mb-1.5 text-[13px] font-medium">{t.mayDo}</legend>
      <label className="flex items-center gap-2 text-sm">
        <input type="radio" name="scopes" checked={!scopes} onChange={() => onChange(undefined)} />
        {t.everythingYouMayDo}
      </label>
      <label className="flex items-center gap-2 text-sm">
        <input type="radio" name="scopes" checked={!!scopes} onChange={() => onChange(scopes ?? ["flows:run"])} />
        {t.onlyWhatIsChosenHere}
      </label>
      {scopes ? (
        <div className="grid gap-2 pl-6">
          {scopeTexts.map((scope) => (
            <CheckBox
              key={scope}
              label={scopeNames[scope]}
              checked={scopes.includes(scope)}
              onChange={() => toggle(scope)}
            />
          ))}
          <Select
            aria-label={t.runOneFlow}
            value={one}
            onChange={(event) =>
              onChange([
                ...scopes.filter((scope) => scope !== one),
                ...(event.target.value ? [event.target.value] : []),
              ])
            }
          >
            <option value="">{t.runOnlyOneFlow}</option>
            {flows.map((flow) => (
              <option key={flow.id} value={`run:${flow.id}`}>
                {flow.name}
              </option>
            ))}
          </Select>
          {scopes.length === 0 ? <p className="text-[13px] text-danger">{t.chooseAtLeastOne}</p> : null}
        </div>
      ) : null}
    </fieldset>
  );
}
