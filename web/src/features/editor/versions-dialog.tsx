import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, describe } from "@/api/client";
import { versionsQuery } from "@/api/queries";
import type { Flow, FlowVersion } from "@/api/types";
import { readGraph } from "@/flow/document";
import { canonical } from "@/flow/ops";
import { confirm } from "@/stores/confirm";
import { useEditor } from "@/stores/editor";
import { toast } from "@/stores/toast";
import { view } from "@/stores/view";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { Input } from "@/ui/form";
import { Failed, Skeleton } from "@/ui/skeleton";
import { ago, longTime } from "@/util/time";
import { saveNow } from "../save/saver";
import { t } from "./messages";

export default function VersionsDialog({ onClose }: { onClose: () => void }) {
  const flowId = useEditor((state) => state.meta?.id) ?? "";
  const versions = useQuery(versionsQuery(flowId));
  const queries = useQueryClient();
  const [name, setName] = useState("");
  const refresh = () => queries.invalidateQueries({ queryKey: ["versions", flowId] });
  const keep = useMutation({
    mutationFn: async () => {
      await saveNow();
      await api(`/api/v1/flows/${flowId}/versions/`, { method: "POST", body: { description: name.trim() || null } });
    },
    onSuccess: async () => {
      setName("");
      await refresh();
    },
    onError: (error) => toast.error(describe(error)),
  });
  const restore = async (version: FlowVersion) => {
    const yes = await confirm({
      title: t.restore(titleOf(version)),
      text: t.whatIsOnTheCanvas,
      yes: t.restore2,
    });
    if (!yes || !(await restoreVersion(flowId, version))) return;
    onClose();
  };
  const look = async (version: FlowVersion) => {
    try {
      await saveNow();
      const whole = await api<{ data: unknown }>(`/api/v1/flows/${flowId}/versions/${version.id}`);
      useEditor.getState().preview(canonical(readGraph(whole.data).document).document, titleOf(version));
      view().set({ previewed: version });
      onClose();
      setTimeout(() => void view().instance?.fitView({ padding: 0.15, maxZoom: 1, duration: 200 }), 50);
    } catch (error) {
      toast.error(describe(error));
    }
  };
  const remove = async (version: FlowVersion) => {
    if (
      !(await confirm({
        title: t.deleteText2(titleOf(version)),
        text: t.thisCannotBeUndone,
        yes: t.deleteText,
        danger: true,
      }))
    )
      return;
    try {
      await api(`/api/v1/flows/${flowId}/versions/${version.id}`, { method: "DELETE" });
    } catch (error) {
      toast.error(describe(error));
    }
    await refresh();
  };
  return (
    <Dialog open onClose={onClose} size="md" title={t.versions} description={t.keepAStateOfThe}>
      <form
        className="mb-4 flex gap-2"
        onSubmit={(event) => {
          event.preventDefault();
          keep.mutate();
        }}
      >
        <Input
          aria-label={t.nameOfTheVersion}
          placeholder={t.whatIsSpecialAboutIt}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        <Button type="submit" look="primary" busy={keep.isPending}>
          {t.saveAVersion}
        </Button>
      </form>
      {versions.isPending ? <Skeleton rows={3} /> : null}
      {versions.isError ? <Failed text={describe(versions.error)} retry={() => void versions.refetch()} /> : null}
      {versions.data?.entries.length === 0 ? <p className="py-6 text-center text-ink-soft">{t.noVersionsYet}</p> : null}
      <ul className="grid gap-2">
        {versions.data?.entries.map((version) => (
          <li key={version.id} className="flex items-center gap-3 rounded-lg border border-line px-3 py-2">
            <div className="min-w-0 flex-1">
              <p className="truncate font-medium">{titleOf(version)}</p>
              <p className="text-[13px] text-ink-soft" title={longTime(version.created_at)}>
                {ago(version.created_at)}
                {version.username ? t.by(version.username) : ""}
              </p>
            </div>
            <Button
              size="sm"
              data-testid={`preview-version-${version.version_number}`}
              onClick={() => void look(version)}
            >
              {t.preview}
            </Button>
            <Button size="sm" onClick={() => void restore(version)}>
              {t.restore2}
            </Button>
            <Button size="sm" onClick={() => void remove(version)}>
              {t.deleteText}
            </Button>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}

/** Puts a version on the canvas for good; what was there is kept as a version. */
export async function restoreVersion(flowId: string, version: FlowVersion): Promise<boolean> {
  try {
    await saveNow();
    const flow = await api<Flow>(`/api/v1/flows/${flowId}/versions/${version.id}/activate`, {
      method: "POST",
      query: { save_draft: true },
    });
    useEditor.getState().open(flow);
    toast.ok(t.isOnTheCanvas(titleOf(version)));
    return true;
  } catch (error) {
    toast.error(describe(error));
    return false;
  }
}

const titleOf = (version: FlowVersion) =>
  `${version.version_tag ?? `v${version.version_number}`}${version.description ? `: ${version.description}` : ""}`;
