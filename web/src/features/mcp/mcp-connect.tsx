import { useQuery } from "@tanstack/react-query";
import { Copy, KeyRound } from "lucide-react";
import { useState } from "react";
import { createKey } from "@/api/keys";
import { installMcp, mcpAddressesQuery, mcpInstalledQuery } from "@/api/mcp";
import { useRemove } from "@/hooks/use-remove";
import { toast } from "@/stores/toast";
import { Button } from "@/ui/button";
import { Labelled, Select } from "@/ui/form";
import { Failed, Skeleton } from "@/ui/skeleton";
import { describe } from "@/util/describe";
import { copyText } from "@/util/download";
import { clients, type McpClient, places, type System, type Transport, writeMcpSnippet } from "./mcp-snippets";
import { t } from "./messages";

const isClient = (text: string): text is McpClient => text in clients;

const systemNames: Record<System, string> = { unix: t.macOrLinux, windows: t.windows, wsl: t.wsl };
const isSystem = (text: string): text is System => text in systemNames;
const guessSystem = (): System => (/Windows/.test(navigator.userAgent) ? "windows" : "unix");

export interface McpConnectProps {
  projectId: string;
  /** What the server is called in the programs. */
  name: string;
  needsKey: boolean;
}

/** The snippet for a program, with a key made in place, and the programs of this machine. */
export function McpConnect({ projectId, name, needsKey }: McpConnectProps) {
  const addresses = useQuery(mcpAddressesQuery(projectId));
  const [client, setClient] = useState<McpClient>("cursor");
  const [transport, setTransport] = useState<Transport>("streamablehttp");
  const [system, setSystem] = useState<System>(guessSystem);
  const [key, setKey] = useState("");
  if (addresses.isPending) return <Skeleton rows={2} label={t.loadingTheAddresses} />;
  if (addresses.isError) return <Failed text={describe(addresses.error)} retry={() => void addresses.refetch()} />;
  const url = transport === "sse" ? addresses.data.legacy_sse_url : addresses.data.streamable_http_url;
  const access = { name, url, transport, key: needsKey ? key || "YOUR_API_KEY" : undefined };
  const text = writeMcpSnippet(client, { ...access, system });
  const systems = Object.keys(systemNames).filter(isSystem);
  const isSame = new Set(systems.map((other) => writeMcpSnippet(client, { ...access, system: other }))).size === 1;
  const makeKey = async () => {
    try {
      const made = await createKey({ name: `MCP: ${name}`, scopes: ["flows:run"] });
      setKey(made.api_key);
      toast.ok(t.aNewApiKeyStands);
    } catch (error) {
      toast.error(describe(error));
    }
  };
  const copy = async () => ((await copyText(text)) ? toast.ok(t.copied) : toast.error(t.theBrowserDoesNotAllow));
  return (
    <section aria-label={t.connect} className="grid gap-4 rounded-xl border border-line bg-surface p-4">
      <h2 className="font-semibold">{t.connectAProgram}</h2>
      <div className="grid gap-3 sm:grid-cols-2">
        <Labelled label={t.program}>
          {(ids) => (
            <Select
              {...ids}
              data-testid="mcp-client"
              value={client}
              onChange={(event) => isClient(event.target.value) && setClient(event.target.value)}
            >
              {Object.entries(clients).map(([id, label]) => (
                <option key={id} value={id}>
                  {label}
                </option>
              ))}
            </Select>
          )}
        </Labelled>
        <Labelled label={t.transport}>
          {(ids) => (
            <Select
              {...ids}
              data-testid="mcp-transport"
              value={transport}
              onChange={(event) => setTransport(event.target.value === "sse" ? "sse" : "streamablehttp")}
            >
              <option value="streamablehttp">{t.streamableHttp}</option>
              <option value="sse">{t.sseOlderPrograms}</option>
            </Select>
          )}
        </Labelled>
        {isSame ? null : (
          <Labelled label={t.system}>
            {(ids) => (
              <Select
                {...ids}
                data-testid="mcp-system"
                value={system}
                onChange={(event) => isSystem(event.target.value) && setSystem(event.target.value)}
              >
                {systems.map((id) => (
                  <option key={id} value={id}>
                    {systemNames[id]}
                  </option>
                ))}
              </Select>
            )}
          </Labelled>
        )}
      </div>
      <p className="text-[13px] text-ink-soft">{places[client]}</p>
      <pre
        tabIndex={0}
        data-testid="mcp-snippet"
        className="max-h-72 overflow-auto rounded-lg border border-line bg-sunken p-3 font-mono text-[13px]"
      >
        {text}
      </pre>
      <div className="flex flex-wrap gap-2">
        {needsKey ? (
          <Button size="sm" data-testid="mcp-create-key" disabled={key !== ""} onClick={() => void makeKey()}>
            <KeyRound size={14} aria-hidden="true" /> {key ? t.keyInserted : t.createKeyAndInsert}
          </Button>
        ) : null}
        <Button size="sm" data-testid="mcp-copy" onClick={() => void copy()}>
          <Copy size={14} aria-hidden="true" /> {t.copy}
        </Button>
      </div>
      <Installed projectId={projectId} transport={transport} />
    </section>
  );
}

const installNames: Record<string, string> = { cursor: "Cursor", claude: "Claude Desktop", windsurf: "Windsurf" };

/** Programs on the server's own machine: only there can the server write their settings. */
function Installed({ projectId, transport }: { projectId: string; transport: Transport }) {
  const installed = useQuery(mcpInstalledQuery(projectId));
  const change = useRemove();
  const found = installed.data?.filter((client) => client.available) ?? [];
  if (found.length === 0) return null;
  return (
    <div className="grid gap-2 border-t border-line pt-4">
      <h3 className="text-sm font-semibold">{t.programsOnThisMachine}</h3>
      <ul className="flex flex-wrap gap-2">
        {found.map((client) => (
          <li key={client.name}>
            <Button
              size="sm"
              data-testid={`mcp-install-${client.name}`}
              onClick={() =>
                void change({
                  run: () => installMcp(projectId, client.name, transport),
                  done: t.addedToStartItAnew(installNames[client.name] ?? client.name),
                  stale: [["mcp", projectId, "installed"]],
                })
              }
            >
              {client.installed
                ? t.renewIn(installNames[client.name] ?? client.name)
                : t.addTo(installNames[client.name] ?? client.name)}
            </Button>
          </li>
        ))}
      </ul>
    </div>
  );
}
