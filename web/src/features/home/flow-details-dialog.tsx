import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, describe } from "@/api/client";
import type { Flow } from "@/api/types";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { Input, Labelled, Switch, TextArea } from "@/ui/form";
import { Notice } from "@/ui/notice";
import { t } from "./messages";

export interface FlowDetailsProps {
  flow: Pick<Flow, "id" | "name" | "description" | "endpoint_name" | "locked">;
  onClose: () => void;
  onSaved?: (flow: Flow) => void;
}

/** Name, description, address and lock of a flow. */
export function FlowDetailsDialog({ flow, onClose, onSaved }: FlowDetailsProps) {
  const queries = useQueryClient();
  const [name, setName] = useState(flow.name);
  const [description, setDescription] = useState(flow.description ?? "");
  const [endpoint, setEndpoint] = useState(flow.endpoint_name ?? "");
  const [locked, setLocked] = useState(flow.locked ?? false);
  const badEndpoint = endpoint !== "" && !/^[a-zA-Z0-9_-]+$/.test(endpoint);
  const save = useMutation({
    mutationFn: async () => {
      const details = { name: name.trim(), description, endpoint_name: endpoint || null };
      // A locked flow takes nothing but its unlocking, so that goes first and locking goes last.
      if (flow.locked) await api(`/api/v1/flows/${flow.id}`, { method: "PATCH", body: { locked: false } });
      const saved = await api<Flow>(`/api/v1/flows/${flow.id}`, { method: "PATCH", body: details });
      return locked ? api<Flow>(`/api/v1/flows/${flow.id}`, { method: "PATCH", body: { locked } }) : saved;
    },
    onSuccess: async (saved) => {
      onSaved?.(saved);
      onClose();
      await queries.invalidateQueries({ queryKey: ["projects"] });
    },
  });
  return (
    <Dialog
      open
      onClose={onClose}
      title={t.flowDetails}
      footer={
        <>
          <Button data-testid="cancel-flow-settings" onClick={onClose}>
            {t.cancel}
          </Button>
          <Button
            look="primary"
            data-testid="save-flow-settings"
            busy={save.isPending}
            disabled={!name.trim() || badEndpoint}
            onClick={() => save.mutate()}
          >
            {t.save}
          </Button>
        </>
      }
    >
      <div className="grid gap-4">
        {save.isError ? <Notice tone="danger">{describe(save.error)}</Notice> : null}
        <Labelled label={t.name} required>
          {(ids) => (
            <Input
              {...ids}
              data-testid="input-flow-name"
              value={name}
              onChange={(event) => setName(event.target.value)}
            />
          )}
        </Labelled>
        <Labelled label={t.description}>
          {(ids) => (
            <TextArea
              {...ids}
              data-testid="input-flow-description"
              value={description}
              onChange={(event) => setDescription(event.target.value)}
            />
          )}
        </Labelled>
        <Labelled
          label={t.endpointName}
          hint={t.aShortAddressToRun}
          error={badEndpoint ? t.lettersDigitsHyphensAndUnderscores : undefined}
        >
          {(ids) => (
            <Input
              {...ids}
              data-testid="endpoint-name-input"
              value={endpoint}
              onChange={(event) => setEndpoint(event.target.value)}
            />
          )}
        </Labelled>
        <div className="flex items-center justify-between gap-4">
          <span className="text-sm">
            {t.locked} <span className="text-ink-soft">{t.nobodyCanChangeItUntil}</span>
          </span>
          <Switch checked={locked} onChange={setLocked} label={t.lockThisFlow} testId="lock-flow-switch" />
        </div>
      </div>
    </Dialog>
  );
}
