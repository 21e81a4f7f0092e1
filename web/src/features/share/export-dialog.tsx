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
  const copy = async () =>
    (await copyText(link)) ? toast.ok("Link copied.") : toast.error("The browser does not allow copying.");

  return (
    <Dialog open onClose={onClose} title="Export and public link">
      <div className="grid gap-6">
        <section aria-label="Export" className="grid gap-3">
          <h3 className="font-semibold">As a file</h3>
          <Check label="Include the keys typed into components" checked={withSecrets} onChange={setWithSecrets} />
          {withSecrets ? <Notice tone="warn">Whoever has the file has your keys. Share it with care.</Notice> : null}
          <Button
            look="primary"
            className="justify-self-start"
            data-testid="modal-export-button"
            busy={isBusy}
            onClick={() => void download()}
          >
            Export
          </Button>
        </section>
        <section aria-label="Public playground" className="grid gap-3 border-t border-line pt-4">
          <div className="flex items-center justify-between gap-4">
            <div>
              <h3 className="font-semibold">Shareable Playground</h3>
              <p className="text-[13px] text-ink-soft">
                Anyone with the link can talk to the flow; they cannot see or change it.
              </p>
            </div>
            <Switch
              label="Public playground"
              testId="publish-switch"
              checked={isPublic}
              onChange={(on) => void publish(on)}
            />
          </div>
          {isPublic ? (
            <Labelled label="Link">
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
                    Copy
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
