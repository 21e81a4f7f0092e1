import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, describe } from "@/api/client";
import type { Flow, FlowHeader } from "@/api/types";
import { toast } from "@/stores/toast";
import { isRecord, parseJson } from "@/util/json";
import { t } from "./messages";

const v1 = "/api/v1";
const UNDO_MS = 10_000;
const UPLOAD_LIMIT = 100 * 1024 * 1024;

/** Kind of the data of a drag: a JSON list of ids. */
export const DRAGGED_FLOWS = "application/x-langflow-flows";

/** Reads what was dropped; nothing where it was not flows. */
export function readDragged(data: string): string[] {
  const ids = parseJson(data);
  return Array.isArray(ids) ? ids.filter((id) => typeof id === "string") : [];
}

/** What a new flow is made of. */
export interface NewFlow {
  name: string;
  description?: string | null;
  data?: unknown;
  folder_id?: string | undefined;
  endpoint_name?: string | null;
  icon?: string | null;
  gradient?: string | null;
  tags?: string[] | null;
}

export function createFlow(flow: NewFlow): Promise<Flow> {
  return api<Flow>(`${v1}/flows/`, {
    method: "POST",
    body: { data: { nodes: [], edges: [], viewport: { x: 0, y: 0, zoom: 1 } }, is_component: false, ...flow },
  });
}

/** Deletes after ten seconds, so that it can be taken back; the rows go at once. */
export function useDeleteFlows() {
  const queries = useQueryClient();
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  const remove = (flows: FlowHeader[]) => {
    const ids = flows.map((flow) => flow.id);
    setHidden((old) => new Set([...old, ...ids]));
    const show = () => setHidden((old) => new Set([...old].filter((id) => !ids.includes(id))));
    const work = async () => {
      window.removeEventListener("pagehide", now);
      try {
        await api(`${v1}/flows/`, { method: "DELETE", body: ids });
        await queries.invalidateQueries({ queryKey: ["projects"] });
        await queries.invalidateQueries({ queryKey: ["flows"] });
      } catch (error) {
        show();
        toast.error(t.theFlowsWereNotDeleted(describe(error)));
      }
    };
    // Leaving the page means the person did not want to take it back.
    const now = () => {
      clearTimeout(timer);
      void fetch(`${v1}/flows/`, {
        method: "DELETE",
        body: JSON.stringify(ids),
        headers: { "content-type": "application/json" },
        keepalive: true,
      });
    };
    const timer = setTimeout(() => void work(), UNDO_MS);
    window.addEventListener("pagehide", now);
    const what = flows.length === 1 ? t.oneDeleted(flows[0]?.name) : t.manyDeleted(flows.length);
    toast.ok(what, {
      label: t.undo,
      run: () => {
        clearTimeout(timer);
        window.removeEventListener("pagehide", now);
        show();
      },
    });
  };
  return { remove, hidden };
}

/** Moves flows to another project; can be taken back. */
export function useMoveFlows() {
  const queries = useQueryClient();
  const put = async (flow: FlowHeader, folder: string | null) => {
    await api(`${v1}/flows/${flow.id}`, { method: "PATCH", body: { folder_id: folder } });
  };
  const renew = async () => {
    await queries.invalidateQueries({ queryKey: ["flows"] });
    await queries.invalidateQueries({ queryKey: ["projects"] });
  };
  return async (flows: FlowHeader[], to: { id: string; name: string }) => {
    const moving = flows.filter((flow) => flow.folder_id !== to.id);
    const moved: FlowHeader[] = [];
    try {
      for (const flow of moving) {
        await put(flow, to.id);
        moved.push(flow);
      }
    } catch (error) {
      toast.error(describe(error));
    }
    await renew();
    if (moved.length === 0) return;
    const what = moved.length === 1 ? `“${moved[0]?.name}”` : t.countOfFlows(moved.length);
    toast.ok(t.movedTo(what, to.name), {
      label: t.undo,
      run: () => {
        const back = async () => {
          for (const flow of moved) await put(flow, flow.folder_id);
        };
        void back()
          .catch((error: unknown) => toast.error(describe(error)))
          .then(renew);
      },
    });
  };
}

/** Takes flow files, project files and ZIPs; each file that fails says why. */
export function useUpload(projectId: string | undefined) {
  const queries = useQueryClient();
  return async (files: File[]) => {
    let done = 0;
    for (const file of files) {
      try {
        done += await uploadOne(file, projectId);
      } catch (error) {
        toast.error(`${file.name}: ${describe(error)}`);
      }
    }
    if (done > 0) toast.ok(done === 1 ? t.n1FlowUploaded : t.flowsUploaded(done));
    await queries.invalidateQueries({ queryKey: ["projects"] });
    await queries.invalidateQueries({ queryKey: ["flows"] });
  };
}

async function uploadOne(file: File, projectId: string | undefined): Promise<number> {
  if (file.size > UPLOAD_LIMIT) throw new Error(t.thisFileIsLargerThan);
  const form = new FormData();
  form.append("file", file);
  if (file.name.toLowerCase().endsWith(".zip")) {
    const made = await api<unknown[]>(`${v1}/flows/upload/`, {
      method: "POST",
      raw: form,
      query: { folder_id: projectId },
    });
    return made.length;
  }
  const content = parseJson(await file.text());
  if (!isRecord(content)) throw new Error(t.thisIsNotAFlow);
  if (typeof content.folder_name === "string" && Array.isArray(content.flows)) {
    const made = await api<unknown[]>(`${v1}/projects/upload/`, { method: "POST", raw: form });
    return made.length;
  }
  if (Array.isArray(content.flows)) {
    const made = await api<unknown[]>(`${v1}/flows/upload/`, {
      method: "POST",
      raw: form,
      query: { folder_id: projectId },
    });
    return made.length;
  }
  const graph = isRecord(content.data) ? content.data : content;
  if (!Array.isArray(graph.nodes) || !Array.isArray(graph.edges)) {
    throw new Error(t.thisIsNotAFlow2);
  }
  // A new flow, not the one it was exported from: an upload must never overwrite.
  await createFlow({
    name: typeof content.name === "string" && content.name ? content.name : file.name.replace(/\.json$/i, ""),
    description: typeof content.description === "string" ? content.description : null,
    data: graph,
    folder_id: projectId,
  });
  return 1;
}
