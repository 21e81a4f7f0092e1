import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Copy } from "lucide-react";
import { api } from "@/api/client";
import { mcpProjectQuery, saveMcpProject } from "@/api/mcp";
import type { Flow } from "@/api/types";
import { McpConnect } from "@/features/mcp/mcp-connect";
import { useRemove } from "@/hooks/use-remove";
import { useEditor } from "@/stores/editor";
import { toast } from "@/stores/toast";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { Switch } from "@/ui/form";
import { Notice } from "@/ui/notice";
import { Failed, Skeleton } from "@/ui/skeleton";
import { describe } from "@/util/describe";
import { copyText } from "@/util/download";
import { writeEmbed } from "./embed";
import { t } from "./messages";

/** The flow as a tool of MCP programs. */
export function McpDialog({ onClose }: { onClose: () => void }) {
  const meta = useEditor((state) => state.meta);
  const projectId = meta?.folder_id ?? "";
  const project = useQuery({ ...mcpProjectQuery(projectId), enabled: projectId !== "" });
  const change = useRemove();
  const tool = project.data?.tools.find((candidate) => candidate.id === meta?.id);
  const auth = project.data?.auth_settings?.auth_type ?? "";
  return (
    <Dialog open onClose={onClose} size="lg" title={t.mcpServer} description={t.programsThatSpeakMcpCan}>
      {projectId === "" ? <Notice tone="info">{t.thisFlowIsInNo}</Notice> : null}
      {project.isPending && projectId ? <Skeleton rows={3} label={t.loadingTheTools} /> : null}
      {project.isError ? <Failed text={describe(project.error)} retry={() => void project.refetch()} /> : null}
      {project.data ? (
        <div className="grid gap-4">
          {tool ? (
            <div className="flex items-center justify-between gap-4">
              <span className="text-sm">
                {t.thisFlowIsATool}
                <span className="block text-[13px] text-ink-soft">
                  {t.nameAndDescriptionForPrograms}{" "}
                  <Link to="/mcp/folder/$projectId" params={{ projectId }} className="text-accent underline">
                    {t.mcpPageOfTheProject}
                  </Link>
                  .
                </span>
              </span>
              <Switch
                label={t.offerThisFlowAsA}
                testId="mcp-flow-switch"
                checked={tool.mcp_enabled ?? false}
                onChange={(mcp_enabled) =>
                  void change({
                    run: () =>
                      saveMcpProject(projectId, {
                        settings: [
                          {
                            id: tool.id,
                            mcp_enabled,
                            action_name: tool.action_name,
                            action_description: tool.action_description,
                          },
                        ],
                        auth_settings: auth ? { auth_type: auth } : null,
                      }),
                    stale: [["mcp", projectId]],
                  })
                }
              />
            </div>
          ) : null}
          <McpConnect projectId={projectId} name={project.data.server_name ?? "langflow"} needsKey={auth !== "none"} />
        </div>
      ) : null}
    </Dialog>
  );
}

/** The public playground inside another page. */
export function EmbedDialog({ onClose }: { onClose: () => void }) {
  const meta = useEditor((state) => state.meta);
  if (!meta) return null;
  const isPublic = meta.access_type === "PUBLIC";
  const text = writeEmbed(location.origin, meta.id, meta.name);
  const publish = async () => {
    try {
      const saved = await api<Flow>(`/api/v1/flows/${meta.id}`, { method: "PATCH", body: { access_type: "PUBLIC" } });
      useEditor.setState({ meta: { ...meta, access_type: saved.access_type } });
    } catch (error) {
      toast.error(describe(error));
    }
  };
  const copy = async () => ((await copyText(text)) ? toast.ok(t.copied) : toast.error(t.theBrowserDoesNotAllow));
  return (
    <Dialog open onClose={onClose} size="md" title={t.embedIntoAPage} description={t.thePublicPlaygroundInA}>
      <div className="grid gap-4">
        {isPublic ? null : (
          <Notice tone="warn">
            {t.thePlaygroundOfThisFlow}{" "}
            <button type="button" className="font-semibold underline" onClick={() => void publish()}>
              {t.makeItPublic}
            </button>
          </Notice>
        )}
        <pre
          tabIndex={0}
          data-testid="embed-snippet"
          className="overflow-auto rounded-lg border border-line bg-sunken p-3 font-mono text-[13px]"
        >
          {text}
        </pre>
        {location.protocol === "https:" ? null : (
          <p className="text-[13px] text-ink-soft">{t.browsersLetTheFrameWork}</p>
        )}
        <Button className="justify-self-start" data-testid="embed-copy" onClick={() => void copy()}>
          <Copy size={14} aria-hidden="true" /> {t.copy}
        </Button>
      </div>
    </Dialog>
  );
}
