import { toast } from "@/stores/toast";
import { saveFile } from "@/util/download";
import { call, describe } from "./client";
import { t } from "./messages";

const v1 = "/api/v1";

const fileName = (name: string) => `${name.replaceAll(/[^\p{L}\p{N} ._-]+/gu, "_").trim() || "flow"}`;

export async function downloadFlows(flows: { id: string; name: string }[]): Promise<void> {
  try {
    const response = await call(`${v1}/flows/download/`, { method: "POST", body: flows.map((flow) => flow.id) });
    const one = flows.length === 1 ? flows[0] : undefined;
    saveFile(one ? `${fileName(one.name)}.json` : `langflow_flows_${flows.length}.zip`, await response.blob());
  } catch (error) {
    toast.error(t.nothingWasDownloaded(describe(error)));
  }
}

export async function downloadProject(id: string, name: string): Promise<void> {
  try {
    const response = await call(`${v1}/projects/download/${id}`);
    saveFile(`${fileName(name)}.zip`, await response.blob());
  } catch (error) {
    toast.error(t.nothingWasDownloaded(describe(error)));
  }
}
