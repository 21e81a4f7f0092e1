import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import { api, describe } from "@/api/client";
import type { Flow } from "@/api/types";
import { readGraph, writeGraph } from "@/flow/document";
import { type Difference, differences, merge } from "@/flow/merge";
import { canonical } from "@/flow/ops";
import { useEditor } from "@/stores/editor";
import { toast } from "@/stores/toast";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { Check } from "@/ui/form";
import { Failed, Skeleton } from "@/ui/skeleton";
import { dropDraft } from "./draft";
import { t } from "./messages";
import { saveNow } from "./saver";

/** The flow changed, or went away, elsewhere. Nothing of either side is lost without being asked for. */
export default function ConflictDialog({ onClose }: { onClose: () => void }) {
  const save = useEditor((state) => state.save);
  return save.kind === "gone" ? <Gone onClose={onClose} /> : <Review onClose={onClose} />;
}

function useKeepAsNew() {
  const navigate = useNavigate();
  return async () => {
    const { meta, document, viewport } = useEditor.getState();
    if (!meta) return;
    try {
      const made = await api<Flow>("/api/v1/flows/", {
        method: "POST",
        body: {
          name: t.myCopy(meta.name),
          description: meta.description,
          folder_id: meta.folder_id,
          data: writeGraph(document, viewport),
        },
      });
      dropDraft(meta.id);
      useEditor.setState({ save: { kind: "saved" } });
      void navigate({ to: "/flow/$flowId", params: { flowId: made.id } });
    } catch (error) {
      toast.error(describe(error));
    }
  };
}

function Gone({ onClose }: { onClose: () => void }) {
  const keep = useKeepAsNew();
  return (
    <Dialog
      open
      onClose={onClose}
      title={t.thisFlowWasDeletedElsewhere}
      footer={
        <Button
          look="primary"
          data-testid="duplicate-flow-modal"
          onClick={() => {
            onClose();
            void keep();
          }}
        >
          {t.keepMyCopyAsA}
        </Button>
      }
    >
      <p className="text-sm text-ink-soft">{t.whatYouSeeOnThe}</p>
    </Dialog>
  );
}

function Review({ onClose }: { onClose: () => void }) {
  const meta = useEditor((state) => state.meta);
  const base = useEditor((state) => state.base);
  const mine = useEditor((state) => state.document);
  const keep = useKeepAsNew();
  const latest = useQuery({
    queryKey: ["conflict", meta?.id],
    staleTime: 0,
    gcTime: 0,
    queryFn: ({ signal }) => api<Flow>(`/api/v1/flows/${meta?.id}`, { signal }),
  });
  const theirs = useMemo(
    () => (latest.data ? canonical(readGraph(latest.data.data).document).document : undefined),
    [latest.data],
  );
  const ours = useMemo(() => differences(base, mine), [base, mine]);
  const other = useMemo(() => (theirs ? differences(base, theirs) : []), [base, theirs]);
  const [dropped, setDropped] = useState<ReadonlySet<string>>(new Set());
  const both = new Set(other.map((difference) => difference.id));

  const apply = () => {
    if (!theirs || !latest.data) return;
    const chosen = new Set(ours.map((difference) => difference.id).filter((id) => !dropped.has(id)));
    const merged = merge(base, mine, theirs, chosen);
    useEditor.setState({
      base: theirs,
      versionToken: latest.data.version_token ?? undefined,
      save: { kind: "unsaved" },
    });
    useEditor.getState().change(() => merged);
    onClose();
    void saveNow();
  };
  const load = () => {
    if (!latest.data) return;
    dropDraft(latest.data.id);
    useEditor.getState().open(latest.data);
    onClose();
  };

  return (
    <Dialog
      open
      onClose={onClose}
      size="lg"
      testId="flow-conflict-banner"
      title={t.thisFlowWasChangedElsewhere}
      description={t.chooseWhatOfYourWork}
      footer={
        <>
          <Button data-testid="dialog-load-latest-button" disabled={!theirs} onClick={load}>
            {t.dropMineLoadTheNewest}
          </Button>
          <Button
            data-testid="duplicate-flow-modal"
            onClick={() => {
              onClose();
              void keep();
            }}
          >
            {t.keepMineAsANew}
          </Button>
          <Button look="primary" data-testid="confirm-overwrite-flow" disabled={!theirs} onClick={apply}>
            {t.mergeAndSave}
          </Button>
        </>
      }
    >
      {latest.isPending ? <Skeleton rows={3} /> : null}
      {latest.isError ? <Failed text={describe(latest.error)} retry={() => void latest.refetch()} /> : null}
      {theirs ? (
        <div className="grid gap-4 sm:grid-cols-2">
          <section aria-label={t.myChanges}>
            <h3 className="mb-2 font-semibold">{t.mine}</h3>
            <ul className="grid gap-1.5">
              {ours.map((difference) => (
                <li key={difference.id} data-testid={`conflict-change-mine-${difference.id}`}>
                  <Check
                    label={`${textOf(difference)}${both.has(difference.id) ? t.changedOnBothSides : ""}`}
                    checked={!dropped.has(difference.id)}
                    onChange={(on) => {
                      const next = new Set(dropped);
                      if (on) next.delete(difference.id);
                      else next.add(difference.id);
                      setDropped(next);
                    }}
                  />
                </li>
              ))}
              {ours.length === 0 ? <li className="text-ink-soft">{t.noChanges}</li> : null}
            </ul>
          </section>
          <section aria-label={t.theirChanges}>
            <h3 className="mb-2 font-semibold">{t.theirs}</h3>
            <ul className="grid gap-1.5 text-sm">
              {other.map((difference) => (
                <li key={difference.id} data-testid={`conflict-change-theirs-${difference.id}`}>
                  {textOf(difference)}
                </li>
              ))}
              {other.length === 0 ? <li className="text-ink-soft">{t.noChangesOnTheCanvas}</li> : null}
            </ul>
          </section>
        </div>
      ) : null}
    </Dialog>
  );
}

const textOf = (difference: Difference) => `${difference.label}: ${difference.kind}`;
