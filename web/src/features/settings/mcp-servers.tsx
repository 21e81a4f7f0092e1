import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import { api, describe } from "@/api/client";
import { mcpServersQuery } from "@/api/queries";
import { confirm } from "@/stores/confirm";
import { toast } from "@/stores/toast";
import { Button, IconButton } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { Input, Labelled, TextArea } from "@/ui/form";
import { Notice } from "@/ui/notice";
import { Failed, Skeleton } from "@/ui/skeleton";
import { isRecord, parseJson } from "@/util/json";
import { t } from "./messages";

type Named = [name: string, settings: unknown];

/** Takes the usual `{"mcpServers": {"name": {…}}}`, or one server's settings. */
function readServers(name: string, url: string, json: string): Named[] | undefined {
  if (name && url) return [[name, { url }]];
  const value = parseJson(json);
  if (!isRecord(value)) return undefined;
  if (isRecord(value.mcpServers)) return Object.entries(value.mcpServers);
  return name ? [[name, value]] : undefined;
}

export default function McpServers() {
  const servers = useQuery(mcpServersQuery);
  const queries = useQueryClient();
  const [isNew, setIsNew] = useState(false);
  const remove = async (name: string) => {
    if (
      !(await confirm({
        title: t.remove(name),
        text: t.flowsThatUseItsTools,
        yes: t.remove2,
        danger: true,
      }))
    )
      return;
    try {
      await api(`/api/v2/mcp/servers/${encodeURIComponent(name)}`, { method: "DELETE" });
      await queries.invalidateQueries({ queryKey: ["mcp-servers"] });
    } catch (error) {
      toast.error(describe(error));
    }
  };
  return (
    <div className="grid gap-4">
      <p className="text-sm text-ink-soft">{t.serversWhoseToolsTheMcp}</p>
      <Button
        look="primary"
        className="justify-self-start"
        data-testid="add-mcp-server-button-page"
        onClick={() => setIsNew(true)}
      >
        <Plus size={16} aria-hidden="true" /> {t.addMcpServer}
      </Button>
      {servers.isPending ? <Skeleton rows={2} /> : null}
      {servers.isError ? <Failed text={describe(servers.error)} retry={() => void servers.refetch()} /> : null}
      {servers.data?.length === 0 ? (
        <p className="rounded-xl border border-dashed border-line py-10 text-center text-ink-soft">{t.noServersYet}</p>
      ) : null}
      <ul className="grid gap-2">
        {servers.data?.map((server) => (
          <li key={server.name} className="flex items-center gap-3 rounded-xl border border-line bg-surface px-3 py-2">
            <span className="flex-1 truncate font-medium">{server.name}</span>
            {server.toolsCount ? <span className="text-[13px] text-ink-soft">{t.tools(server.toolsCount)}</span> : null}
            <IconButton label={t.remove3(server.name)} onClick={() => void remove(server.name)}>
              <Trash2 size={16} aria-hidden="true" />
            </IconButton>
          </li>
        ))}
      </ul>
      {isNew ? <NewServer onClose={() => setIsNew(false)} /> : null}
    </div>
  );
}

function NewServer({ onClose }: { onClose: () => void }) {
  const queries = useQueryClient();
  const [name, setName] = useState("");
  const [url, setUrl] = useState("");
  const [json, setJson] = useState("");
  const servers = readServers(name.trim(), url.trim(), json);
  const save = useMutation({
    mutationFn: async () => {
      for (const [key, body] of servers ?? []) {
        await api(`/api/v2/mcp/servers/${encodeURIComponent(key)}`, { method: "POST", body });
      }
    },
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ["mcp-servers"] });
      onClose();
    },
  });
  return (
    <Dialog
      open
      onClose={onClose}
      title={t.addMcpServer2}
      footer={
        <>
          <Button onClick={onClose}>{t.cancel}</Button>
          <Button
            look="primary"
            data-testid="add-mcp-server-button"
            disabled={!servers}
            busy={save.isPending}
            onClick={() => save.mutate()}
          >
            {t.add}
          </Button>
        </>
      }
    >
      <div className="grid gap-4">
        {save.isError ? <Notice tone="danger">{describe(save.error)}</Notice> : null}
        <Labelled label={t.name}>
          {(ids) => <Input {...ids} value={name} onChange={(event) => setName(event.target.value)} />}
        </Labelled>
        <Labelled label={t.address} hint={t.ofAServerThatSpeaks}>
          {(ids) => (
            <Input
              {...ids}
              type="url"
              placeholder={t.httpsMcp}
              value={url}
              onChange={(event) => setUrl(event.target.value)}
            />
          )}
        </Labelled>
        <Labelled label={t.orItsSettingsAsJson} hint={t.asProgramsPublishThemMcpservers}>
          {(ids) => (
            <TextArea
              {...ids}
              className="font-mono text-[13px]"
              value={json}
              onChange={(event) => setJson(event.target.value)}
            />
          )}
        </Labelled>
      </div>
    </Dialog>
  );
}
