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
import { cn } from "@/util/cn";
import { copyText } from "@/util/download";

const spans = [
  { label: "1 week", days: 7 },
  { label: "1 month", days: 30 },
  { label: "1 year", days: 365 },
  { label: "Never", days: 0 },
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
      title: "Close without copying?",
      text: "The key will not be shown again. It stays valid until you delete it.",
      yes: "Close anyway",
    };
    if (made && !copied && !(await confirm(question))) return;
    onClose();
  };
  const copy = async () => {
    if (!made) return;
    setCopied(true);
    if (!(await copyText(made))) toast.info("Select the key and copy it by hand: this browser does not allow it.");
  };

  if (made) {
    return (
      <Dialog
        open
        onClose={() => void close()}
        title="Save your API key"
        description="This is the only time it is shown."
        footer={
          <Button look="primary" data-testid="btn-cancel-modal" onClick={() => void close()}>
            Done
          </Button>
        }
      >
        <div className="flex gap-2">
          <Input
            readOnly
            data-testid="api-key-input"
            aria-label="New API key"
            value={made}
            className="font-mono text-[13px]"
            onFocus={(event) => event.target.select()}
            onCopy={() => setCopied(true)}
          />
          <Button data-testid="btn-copy-api-key" onClick={() => void copy()}>
            {copied ? <Check size={16} aria-hidden="true" /> : <Copy size={16} aria-hidden="true" />}
            {copied ? "Copied" : "Copy"}
          </Button>
        </div>
      </Dialog>
    );
  }
  return (
    <Dialog
      open
      onClose={onClose}
      title="Create API Key"
      description="It acts with your rights. Give it a name by which you will know it again."
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            look="primary"
            type="submit"
            form="new-key"
            data-testid="secret_key_modal_submit_button"
            busy={create.isPending}
            disabled={isUseless}
          >
            Create API Key
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
          label="Name"
          id="primary-input"
          autoFocus
          maxLength={200}
          placeholder="My API Key"
          value={name}
          onChange={setName}
        />
        <TextField
          label="Expires"
          hint="Empty means never."
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
                className={cn(isChosen && "border-accent text-accent")}
                onClick={() => setExpires(value)}
              >
                {label}
              </Button>
            );
          })}
        </div>
        <ScopePicker scopes={scopes} onChange={setScopes} />
        <TextField
          label="Calls a minute"
          hint="Empty means as many as the server allows."
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
      <legend className="mb-1.5 text-[13px] font-medium">May do</legend>
      <label className="flex items-center gap-2 text-sm">
        <input type="radio" name="scopes" checked={!scopes} onChange={() => onChange(undefined)} />
        Everything you may do
      </label>
      <label className="flex items-center gap-2 text-sm">
        <input type="radio" name="scopes" checked={!!scopes} onChange={() => onChange(scopes ?? ["flows:run"])} />
        Only what is chosen here
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
            aria-label="Run one flow"
            value={one}
            onChange={(event) =>
              onChange([
                ...scopes.filter((scope) => scope !== one),
                ...(event.target.value ? [event.target.value] : []),
              ])
            }
          >
            <option value="">Run only one flow…</option>
            {flows.map((flow) => (
              <option key={flow.id} value={`run:${flow.id}`}>
                {flow.name}
              </option>
            ))}
          </Select>
          {scopes.length === 0 ? <p className="text-[13px] text-danger">Choose at least one.</p> : null}
        </div>
      ) : null}
    </fieldset>
  );
}
