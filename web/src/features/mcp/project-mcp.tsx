import { useQuery } from "@tanstack/react-query";
import { type McpToolChange, mcpProjectQuery, saveMcpProject } from "@/api/mcp";
import { useRemove } from "@/hooks/use-remove";
import { Labelled, Select } from "@/ui/form";
import { Notice } from "@/ui/notice";
import { Failed, Skeleton } from "@/ui/skeleton";
import { describe } from "@/util/describe";
import { McpConnect } from "./mcp-connect";
import { McpTools } from "./mcp-tools";
import { t } from "./messages";

/** A project as an MCP server: its tools, who may call them, and how programs are connected. */
export function ProjectMcp({ projectId }: { projectId: string }) {
  const project = useQuery(mcpProjectQuery(projectId));
  const change = useRemove();
  if (project.isPending) return <Skeleton rows={5} label={t.loadingTheTools} />;
  if (project.isError) return <Failed text={describe(project.error)} retry={() => void project.refetch()} />;
  const { tools, auth_settings, server_name } = project.data;
  const auth = auth_settings?.auth_type ?? "";
  const save = (settings: McpToolChange[], auth_type: string) =>
    change({
      run: () => saveMcpProject(projectId, { settings, auth_settings: auth_type ? { auth_type } : null }),
      stale: [["mcp", projectId]],
    });
  return (
    <div className="grid gap-6" data-testid="mcp-server-tab">
      <p className="text-sm text-ink-soft">{t.programsThatSpeakMcpEditors}</p>
      <McpTools tools={tools} onChange={(tool) => void save([tool], auth)} />
      <section aria-label={t.access} className="grid max-w-lg gap-3">
        <Labelled label={t.whoMayCallTheTools}>
          {(ids) => (
            <Select
              {...ids}
              data-testid="mcp-auth"
              value={auth}
              onChange={(event) => void save([], event.target.value)}
            >
              <option value="">{t.asTheServerIsSet}</option>
              <option value="apikey">{t.whoeverHasAnApiKey}</option>
              <option value="none">{t.anybodyWhoKnowsTheAddress}</option>
              {auth === "oauth" ? <option value="oauth">{t.oauth}</option> : null}
            </Select>
          )}
        </Labelled>
        {auth === "none" ? <Notice tone="warn">{t.anybodyWhoReachesThisServer}</Notice> : null}
      </section>
      <McpConnect projectId={projectId} name={server_name ?? "langflow"} needsKey={auth !== "none"} />
    </div>
  );
}
