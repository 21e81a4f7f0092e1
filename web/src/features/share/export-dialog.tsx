import { useState } from "react";
import { api, describe } from "@/api/client";
import { downloadFlows } from "@/api/download";
import type { Flow } from "@/api/types";
import { useEditor } from "@/stores/editor";
import { toast } from "@/stores/toast";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { Check, Input, Labelled, Switch } from "@/ui/form";
import { Notice } from "@/ui/notice";
import { copyText, saveFile } from "@/util/download";
import { t } from "./messages";

/** The flow as a file, and as a public page. */
export default function ExportDialog({ onClose }: { onClose: () => void }) {
  const meta = useEditor((state) => state.meta);
  const [withSecrets, setWithSecrets] = useState(false);
  const [isBusy, setIsBusy] = useState(false);
  if (!meta) return null;
  const isPublic = meta.access_type === "PUBLIC";
  const link = `${location.origin}/playground/${meta.id}`;

  const download = async () => {
    setIsBusy(true);
    if (withSecrets) {
      try {
        const flow = await api<Flow>(`/api/v1/flows/${meta.id}`);
        const { id, name, description, data, endpoint_name, is_component, tags } = flow;
        saveFile(
          `${name}.json`,
          JSON.stringify({ id, name, description, data, endpoint_name, is_component, tags }, null, 2),
        );
      } catch (error) {
        toast.error(describe(error));
      }
    } else {
      await downloadFlows([meta]);
    }
    setIsBusy(false);
  };
  const publish = async (on: boolean) => {
    try {
      const saved = await api<Flow>(`/api/v1/flows/${meta.id}`, {
        method: "PATCH",
        body: { access_type: on ? "PUBLIC" : "PRIVATE" },
      });
      useEditor.setState({ meta: { ...meta, access_type: saved.access_type } });
    } catch (error) {
      toast.error(describe(error));
    }
  };
  const copy = async () => ((await copyText(link)) ? toast.ok(t.linkCopied) : toast.error(t.theBrowserDoesNotAllow));

  return (
    <Dialog open onClose={onClose} title={t.exportAndPublicLink}>
      <div className="grid gap-6">
        <section aria-label={t.exportText} className="grid gap-3">
          <h3 className="font-semibold">{t.asAFile}</h3>
          <Check label={t.includeTheKeysTypedInto} checked={withSecrets} onChange={setWithSecrets} />
          {withSecrets ? <Notice tone="warn">{t.whoeverHasTheFileHas}</Notice> : null}
          <Button
            look="primary"
            className="justify-self-start"
            data-testid="modal-export-button"
            busy={isBusy}
            onClick={() => void download()}
          >
            {t.exportText}
          </Button>
        </section>
        <section aria-label={t.publicPlayground} className="grid gap-3 border-t border-line pt-4">
          <div className="flex items-center justify-between gap-4">
            <div>
              <h3 className="font-semibold">{t.shareablePlayground}</h3>
              <p className="text-[13px] text-ink-soft">{t.anyoneWithTheLinkCan}</p>
            </div>
            <Switch
              label={t.publicPlayground}
              testId="publish-switch"
              checked={isPublic}
              onChange={(on) => void publish(on)}
            />
          </div>
          {isPublic ? (
            <Labelled label={t.link}>
              {(ids) => (
                <div className="flex gap-2">
                  <Input
                    {...ids}
                    readOnly
                    data-testid="shareable-playground"
                    value={link}
                    onFocus={(event) => event.target.select()}
                  />
                  <Button data-testid="copy-shareable-playground-url" onClick={() => void copy()}>
                    {t.copy}
                  </Button>
                </div>
              )}
            </Labelled>
          ) : null}
        </section>
      </div>
    </Dialog>
  );
}
