/** Server data as queries: keys and fetchers in one place. */
import { queryOptions } from "@tanstack/react-query";
import { type ComponentDef, readGraph } from "@/flow/document";
import { isRecord } from "@/util/json";
import { api } from "./client";
import { answerOf, server } from "./server";
import type {
  Flow,
  FlowHeader,
  FlowVersion,
  ModelProvider,
  Project,
  ServerConfig,
  StoredFile,
  StoredMessage,
  TraceDetail,
  TracePage,
  Variable,
} from "./types";

const v1 = "/api/v1";

export const projectsQuery = queryOptions({
  queryKey: ["projects"],
  queryFn: ({ signal }) => api<Project[]>(`${v1}/projects/`, { signal }),
});

export const headersQuery = queryOptions({
  queryKey: ["flows", "headers"],
  queryFn: ({ signal }) => api<FlowHeader[]>(`${v1}/flows/`, { query: { get_all: true, header_flows: true }, signal }),
});

/** The newest run of each of these flows. */
export const latestRunsQuery = (flowIds: string[]) =>
  queryOptions({
    queryKey: ["runs", "latest", flowIds.toSorted()],
    enabled: flowIds.length > 0,
    queryFn: ({ signal }) =>
      answerOf(
        server.GET("/api/v1/monitor/runs/latest", { params: { query: { flow_ids: flowIds.join(",") } }, signal }),
      ),
  });

export const runsQuery = (flowId: string | undefined, page: number, size: number) =>
  queryOptions({
    queryKey: ["runs", { flowId, page, size }],
    staleTime: 0,
    queryFn: ({ signal }) =>
      answerOf(
        server.GET("/api/v1/monitor/runs", {
          params: { query: { page, size, ...(flowId ? { flow_id: flowId } : {}) } },
          signal,
        }),
      ),
  });

export const flowQuery = (id: string) =>
  queryOptions({
    queryKey: ["flows", id],
    queryFn: ({ signal }) => api<Flow>(`${v1}/flows/${id}`, { signal }),
    staleTime: 0,
    gcTime: 0,
  });

export const templatesQuery = queryOptions({
  queryKey: ["templates"],
  staleTime: Number.POSITIVE_INFINITY,
  queryFn: ({ signal }) => api<Flow[]>(`${v1}/flows/basic_examples/`, { signal }),
});

export const configQuery = queryOptions({
  queryKey: ["config"],
  staleTime: Number.POSITIVE_INFINITY,
  queryFn: ({ signal }) => api<ServerConfig>(`${v1}/config`, { signal }),
});

export const versionQuery = queryOptions({
  queryKey: ["version"],
  staleTime: Number.POSITIVE_INFINITY,
  queryFn: ({ signal }) => api<{ version: string; package: string }>(`${v1}/version`, { signal }),
});

export interface CatalogueEntry {
  category: string;
  type: string;
  def: ComponentDef;
}

/** The catalogue flattened; a broken entry is passed over rather than breaking the editor. */
export function readCatalogue(body: unknown): CatalogueEntry[] {
  const entries: CatalogueEntry[] = [];
  for (const [category, types] of Object.entries(isRecord(body) ? body : {})) {
    if (category === "component_display_names" || !isRecord(types)) continue;
    for (const [type, def] of Object.entries(types)) {
      if (isDef(def)) entries.push({ category, type, def });
    }
  }
  return entries;
}

function isDef(value: unknown): value is ComponentDef {
  return isRecord(value) && isRecord(value.template);
}

export const catalogueQuery = queryOptions({
  queryKey: ["catalogue"],
  staleTime: Number.POSITIVE_INFINITY,
  gcTime: Number.POSITIVE_INFINITY,
  queryFn: async ({ signal }) => readCatalogue(await api<unknown>(`${v1}/all`, { signal })),
});

/** Components that were kept for other flows: flows of one node. */
export const savedComponentsQuery = queryOptions({
  queryKey: ["saved-components"],
  queryFn: async ({ signal }): Promise<CatalogueEntry[]> => {
    const flows = await api<Flow[]>(`${v1}/flows/`, { query: { components_only: true, get_all: true }, signal });
    return flows.flatMap((flow) => {
      const node = readGraph(flow.data).document.nodes[0];
      if (!node) return [];
      const def = { ...node.data.node, display_name: flow.name, description: flow.description ?? "" };
      return [{ category: "saved_components", type: node.data.type, def }];
    });
  },
});

export const keysQuery = queryOptions({
  queryKey: ["keys"],
  queryFn: ({ signal }) => answerOf(server.GET("/api/v1/api_key/", { signal })),
});

export const variablesQuery = queryOptions({
  queryKey: ["variables"],
  queryFn: ({ signal }) => api<Variable[]>(`${v1}/variables/`, { signal }),
});

export const usersQuery = (search: string, isActive: boolean | undefined, skip: number, limit: number) =>
  queryOptions({
    queryKey: ["users", { search, isActive, skip, limit }],
    queryFn: ({ signal }) => {
      const filter = { ...(search ? { search } : {}), ...(isActive === undefined ? {} : { is_active: isActive }) };
      return answerOf(server.GET("/api/v1/users/", { params: { query: { skip, limit, ...filter } }, signal }));
    },
  });

/** Sessions of a user; one's own without an id. */
export const sessionsQuery = (userId: string | undefined) =>
  queryOptions({
    queryKey: ["sessions", userId],
    staleTime: 0,
    queryFn: ({ signal }) =>
      answerOf(server.GET("/api/v1/sessions/", { params: { query: userId ? { user_id: userId } : {} }, signal })),
  });

export interface AuditFilter {
  user_id?: string;
  action?: string;
  object_kind?: string;
  object_id?: string;
}

export const auditsQuery = (filter: AuditFilter, page: number, size: number) =>
  queryOptions({
    queryKey: ["audits", filter, { page, size }],
    staleTime: 0,
    queryFn: ({ signal }) =>
      answerOf(server.GET("/api/v1/audits", { params: { query: { ...filter, page, size } }, signal })),
  });

export const modelsQuery = queryOptions({
  queryKey: ["models"],
  queryFn: ({ signal }) => api<ModelProvider[]>(`${v1}/models`, { query: { purpose: "use" }, signal }),
});

export const filesQuery = queryOptions({
  queryKey: ["files"],
  queryFn: ({ signal }) => api<StoredFile[]>("/api/v2/files", { signal }),
});

export const allMessagesQuery = queryOptions({
  queryKey: ["messages", "all"],
  queryFn: ({ signal }) =>
    api<StoredMessage[]>(`${v1}/monitor/messages`, { query: { limit: 100, order: "DESC" }, signal }),
});

export const versionsQuery = (flowId: string) =>
  queryOptions({
    queryKey: ["versions", flowId],
    staleTime: 0,
    queryFn: ({ signal }) =>
      api<{ entries: FlowVersion[] }>(`${v1}/flows/${flowId}/versions/`, { query: { limit: 50 }, signal }),
  });

export const tracesQuery = (flowId: string) =>
  queryOptions({
    queryKey: ["traces", flowId],
    staleTime: 0,
    queryFn: ({ signal }) => api<TracePage>(`${v1}/monitor/traces`, { query: { flow_id: flowId, size: 50 }, signal }),
  });

export const traceQuery = (id: string) =>
  queryOptions({
    queryKey: ["trace", id],
    queryFn: ({ signal }) => api<TraceDetail>(`${v1}/monitor/traces/${id}`, { signal }),
  });

export const mcpServersQuery = queryOptions({
  queryKey: ["mcp-servers"],
  queryFn: ({ signal }) =>
    api<{ name: string; toolsCount?: number | null; error?: string | null }[]>("/api/v2/mcp/servers", { signal }),
});
