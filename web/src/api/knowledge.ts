/** Knowledge bases: documents cut into chunks that flows search by meaning. */
import { queryOptions } from "@tanstack/react-query";
import { api } from "./client";
import type { ModelChoice } from "./models";

const place = "/api/v1/knowledge_bases";
const at = (name: string) => `${place}/${encodeURIComponent(name)}`;
const POLL_MS = 1500;

export interface KnowledgeBase {
  id: string;
  dir_name: string;
  name: string;
  embedding_provider: string | null;
  embedding_model: string | null;
  size: number;
  words: number;
  characters: number;
  chunks: number;
  status: string;
  failure_reason: string | null;
  chunk_size?: number | null;
  chunk_overlap?: number | null;
}

export interface Chunk {
  id: string;
  content: string;
  char_count: number;
  metadata: Record<string, unknown> | null;
}

export interface ChunkPage {
  chunks: Chunk[];
  total: number;
  page: number;
  limit: number;
}

export interface IngestRun {
  id: string;
  source_name: string | null;
  status: string;
  error_message: string | null;
  total_items: number | null;
  succeeded: number | null;
  failed: number | null;
  chunks_created: number | null;
  started_at: string | null;
  finished_at: string | null;
}

export interface ChunkRules {
  size: number;
  overlap: number;
  separator: string;
}

export interface ChunkPreview {
  file_name: string;
  total_chunks: number;
  preview_chunks: { content: string; index: number; char_count: number }[];
}

const isBusy = (base: KnowledgeBase) => base.status === "ingesting";

/** Asked again while one is taking in documents, and not otherwise. */
export const knowledgeBasesQuery = queryOptions({
  queryKey: ["knowledge"],
  queryFn: ({ signal }) => api<KnowledgeBase[]>(`${place}/`, { signal }),
  refetchInterval: ({ state }) => (state.data?.some(isBusy) ? POLL_MS : false),
});

export const ingestRunsQuery = (name: string, isRunning: boolean) =>
  queryOptions({
    queryKey: ["knowledge", name, "runs"],
    staleTime: 0,
    refetchInterval: isRunning ? POLL_MS : false,
    queryFn: ({ signal }) => api<{ runs: IngestRun[] }>(`${at(name)}/runs`, { signal }),
  });

export const chunksQuery = (name: string, page: number, limit: number, search: string) =>
  queryOptions({
    queryKey: ["knowledge", name, "chunks", { page, limit, search }],
    queryFn: ({ signal }) =>
      api<ChunkPage>(`${at(name)}/chunks`, { query: { page, limit, ...(search ? { search } : {}) }, signal }),
  });

export const embeddingModelsQuery = queryOptions({
  queryKey: ["models", "options", "embedding"],
  queryFn: ({ signal }) => api<ModelChoice[]>("/api/v1/model_options/embedding", { signal }),
});

export function createBase(name: string, model: ModelChoice): Promise<KnowledgeBase> {
  return api<KnowledgeBase>(`${place}/`, {
    method: "POST",
    body: { name, embedding_provider: model.provider, embedding_model: model.name, model_selection: model },
  });
}

export async function deleteBases(names: string[]): Promise<void> {
  await api(`${place}/`, { method: "DELETE", body: { kb_names: names } });
}

function form(files: File[], rules: ChunkRules): FormData {
  const data = new FormData();
  for (const file of files) data.append("files", file);
  data.append("chunk_size", String(rules.size));
  data.append("chunk_overlap", String(rules.overlap));
  data.append("separator", rules.separator.replaceAll("\\n", "\n"));
  return data;
}

export async function ingest(name: string, files: File[], rules: ChunkRules): Promise<void> {
  const raw = form(files, rules);
  raw.append("source_name", files.length === 1 ? (files[0]?.name ?? "") : `${files.length} files`);
  await api(`${at(name)}/ingest`, { method: "POST", raw });
}

export async function cancelIngest(name: string): Promise<void> {
  await api(`${at(name)}/cancel`, { method: "POST" });
}

export async function previewChunks(files: File[], rules: ChunkRules): Promise<ChunkPreview[]> {
  const raw = form(files, rules);
  raw.append("max_chunks", "3");
  const answer = await api<{ files: ChunkPreview[] }>(`${place}/preview-chunks`, { method: "POST", raw });
  return answer.files;
}
