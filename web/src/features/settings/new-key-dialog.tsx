import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Check, Copy } from "lucide-react";
import { useState } from "react";
import { describe } from "@/api/client";
import { createKey } from "@/api/keys";
import { confirm } from "@/stores/confirm";
import { toast } from "@/stores/toast";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { Input, Labelled } from "@/ui/form";
import { Notice } from "@/ui/notice";
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
  const [copied, setCopied] = useState(false);
  const create = useMutation({
    mutationFn: () => createKey(name, expires || undefined),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["keys"] }),
  });
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
          create.mutate();
        }}
      >
        {create.isError ? <Notice tone="danger">{describe(create.error)}</Notice> : null}
        <Labelled label="Name" id="primary-input">
          {(ids) => (
            <Input
              {...ids}
              autoFocus
              maxLength={200}
              placeholder="My API Key"
              value={name}
              onChange={(event) => setName(event.target.value)}
            />
          )}
        </Labelled>
        <Labelled label="Expires" hint="Empty means never.">
          {(ids) => (
            <Input
              {...ids}
              type="date"
              data-testid="expires-at-input"
              min={day(0)}
              value={expires}
              onChange={(event) => setExpires(event.target.value)}
            />
          )}
        </Labelled>
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
      </form>
    </Dialog>
  );
}
