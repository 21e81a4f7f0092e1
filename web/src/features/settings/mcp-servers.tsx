import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Pencil, PlugZap, Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import { deleteMcpServer, type McpServer, mcpServerListQuery, readMcpServer, saveMcpServers } from "@/api/mcp-servers";
import { useRemove } from "@/hooks/use-remove";
import { toast } from "@/stores/toast";
import { Button, IconButton } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { Labelled, TextArea } from "@/ui/form";
import { Notice } from "@/ui/notice";
import { Records } from "@/ui/records";
import { TextField } from "@/ui/text-field";
import { cn } from "@/util/cn";
import { describe } from "@/util/describe";
import { emptyForm, formOf, type Mode, readServers, type ServerForm } from "./mcp-server-form";
import { t } from "./messages";

const stale = [["mcp-servers"]];

export default function McpServers() {
  const [isChecked, setIsChecked] = useState(false);
  const servers = useQuery(mcpServerListQuery(isChecked));
  const change = useRemove();
  const [edited, setEdited] = useState<{ form: ServerForm; isNew: boolean }>();
  const edit = async (name: string) => {
    try {
      setEdited({ form: formOf(name, await readMcpServer(name)), isNew: false });
    } catch (error) {
      toast.error(describe(error));
    }
  };
  const remove = ({ name }: McpServer) =>
    change({
      question: { title: t.remove(name), text: t.flowsThatUseItsTools, yes: t.remove2 },
      run: () => deleteMcpServer(name),
      stale,
    });
  return (
    <div className="grid gap-4">
      <p className="text-sm text-ink-soft">{t.serversWhoseToolsTheMcp}</p>
      <div className="flex flex-wrap gap-2">
        <Button
          look="primary"
          data-testid="add-mcp-server-button-page"
          onClick={() => setEdited({ form: emptyForm, isNew: true })}
        >
          <Plus size={16} aria-hidden="true" /> {t.addMcpServer}
        </Button>
        <Button
          data-testid="check-mcp-servers"
          busy={isChecked && servers.isFetching}
          disabled={!servers.data?.length}
          onClick={() => (isChecked ? void servers.refetch() : setIsChecked(true))}
        >
          <PlugZap size={16} aria-hidden="true" /> {t.callThem}
        </Button>
      </div>
      <Records
        label={t.mcpServers}
        loading={servers}
        rows={servers.data ?? []}
        keyOf={(server) => server.name}
        empty={t.noServersYet}
        columns={[
          { key: "name", title: t.name, cell: (server) => <span className="font-medium">{server.name}</span> },
          { key: "mode", title: t.reachedBy, cell: (server) => modes[server.mode ?? ""] ?? "—" },
          { key: "tools", title: t.toolsTitle, cell: (server) => <Tools server={server} /> },
          {
            key: "actions",
            title: <span className="sr-only">{t.actions}</span>,
            className: "whitespace-nowrap text-right",
            cell: (server) => (
              <>
                <IconButton label={t.editServer(server.name)} onClick={() => void edit(server.name)}>
                  <Pencil size={15} aria-hidden="true" />
                </IconButton>
                <IconButton label={t.remove3(server.name)} onClick={() => void remove(server)}>
                  <Trash2 size={15} aria-hidden="true" />
                </IconButton>
              </>
            ),
          },
        ]}
      />
      {edited ? <ServerDialog start={edited.form} isNew={edited.isNew} onClose={() => setEdited(undefined)} /> : null}
    </div>
  );
}

const modes: Record<string, string> = { stdio: t.aProgram, streamable_http: "HTTP", http: "HTTP", sse: "SSE" };

function Tools({ server }: { server: McpServer }) {
  if (server.error) return <span className="text-danger">{server.error}</span>;
  return typeof server.toolsCount === "number" ? (
    server.toolsCount
  ) : (
    <span className="text-ink-soft">{t.notCalled}</span>
  );
}

const tabs: Record<Mode, string> = { http: "HTTP", stdio: t.aProgram, json: "JSON" };
const tabNames: Mode[] = ["http", "stdio", "json"];

function ServerDialog({ start, isNew, onClose }: { start: ServerForm; isNew: boolean; onClose: () => void }) {
  const queries = useQueryClient();
  const [form, setForm] = useState(start);
  const servers = readServers(form);
  const set = (key: keyof ServerForm) => (value: string) => setForm({ ...form, [key]: value });
  const save = useMutation({
    mutationFn: () => saveMcpServers(servers ?? [], isNew),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ["mcp-servers"] });
      onClose();
    },
  });
  return (
    <Dialog
      open
      onClose={onClose}
      title={isNew ? t.addMcpServer2 : t.editServer(start.name)}
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
            {isNew ? t.add : t.save}
          </Button>
        </>
      }
    >
      <div className="grid gap-4">
        {save.isError ? <Notice tone="danger">{describe(save.error)}</Notice> : null}
        {isNew ? (
          <div role="tablist" aria-label={t.howItIsReached} className="flex rounded-lg bg-sunken p-1">
            {tabNames.map((mode) => (
              <button
                key={mode}
                type="button"
                role="tab"
                aria-selected={form.mode === mode}
                data-testid={`${mode}-tab`}
                onClick={() => setForm({ ...form, mode })}
                className={cn(
                  "flex-1 rounded-md py-1.5 text-sm",
                  form.mode === mode && "bg-surface font-medium shadow-sm",
                )}
              >
                {tabs[mode]}
              </button>
            ))}
          </div>
        ) : null}
        <TextField
          label={t.name}
          required={form.mode !== "json"}
          disabled={!isNew}
          hint={form.mode === "json" ? t.onlyWhereTheJson : undefined}
          testId="mcp-server-name"
          value={form.name}
          onChange={set("name")}
        />
        {form.mode === "http" ? (
          <>
            <TextField
              label={t.address}
              required
              type="url"
              placeholder={t.anAddress}
              testId="mcp-server-url"
              value={form.url}
              onChange={set("url")}
            />
            <Lines label={t.headers} hint={t.oneALineHeaders} value={form.headers} onChange={set("headers")} />
          </>
        ) : null}
        {form.mode === "stdio" ? (
          <>
            <TextField
              label={t.command}
              required
              placeholder={t.aCommand}
              hint={t.startedOnTheServer}
              testId="mcp-server-command"
              value={form.command}
              onChange={set("command")}
            />
            <Lines label={t.environment} hint={t.oneALineEnvironment} value={form.env} onChange={set("env")} />
          </>
        ) : null}
        {form.mode === "json" ? (
          <Lines label={t.itsSettingsAsJson} hint={t.asProgramsPublish} value={form.json} onChange={set("json")} />
        ) : null}
      </div>
    </Dialog>
  );
}

interface LinesProps {
  label: string;
  hint: string;
  value: string;
  onChange: (value: string) => void;
}

function Lines({ label, hint, value, onChange }: LinesProps) {
  return (
    <Labelled label={label} hint={hint}>
      {(ids) => (
        <TextArea
          {...ids}
          spellCheck={false}
          className="font-mono text-[13px]"
          value={value}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Labelled>
  );
}
