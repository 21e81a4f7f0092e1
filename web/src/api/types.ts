import type { Graph } from "@/flow/document";
import type { Schemas } from "./server";

export type User = Schemas["UserRead"];

export interface Session {
  authenticated: boolean;
  user: User | null;
}

export type ApiKey = Schemas["KeyRead"];

export type VariableType = "Credential" | "Generic";

export interface Variable {
  id: string;
  name: string;
  type: VariableType | string | null;
  value: string | null;
  has_value?: boolean;
  default_fields: string[] | null;
}

export interface Project {
  id: string;
  name: string;
  description: string | null;
}

export interface FlowHeader {
  id: string;
  name: string;
  description: string | null;
  folder_id: string | null;
  endpoint_name: string | null;
  is_component: boolean;
  updated_at?: string;
  tags: string[] | null;
  access_type: "PRIVATE" | "PUBLIC";
  mcp_enabled: boolean;
}

export interface Flow extends FlowHeader {
  data: Graph | null;
  icon: string | null;
  gradient: string | null;
  locked: boolean | null;
  version_token?: string | null;
}

export interface Page<T> {
  items: T[];
  total: number;
  page: number;
  size: number;
  pages: number;
}

export interface ServerConfig {
  type?: string;
  auto_saving?: boolean;
  auto_saving_interval?: number;
  max_file_size_upload?: number;
}

export interface VersionState {
  version_token: string | null;
  last_modified_by_username?: string | null;
  updated_at: string | null;
}

export interface FlowVersion {
  id: string;
  version_number: number;
  version_tag?: string;
  description?: string | null;
  created_at: string;
  username?: string | null;
}

export interface StoredFile {
  id: string;
  name: string;
  path: string;
  size: number;
  created_at?: string;
  updated_at?: string;
}

export interface StoredMessage {
  id: string;
  flow_id: string | null;
  timestamp: string;
  sender: string;
  sender_name: string;
  session_id: string;
  text: string;
  files: string | string[] | null;
  edit: boolean;
  category: string;
  properties: unknown;
  content_blocks: unknown;
}

export interface StoredBuild {
  id: string;
  valid: boolean;
  timestamp: string;
  params: unknown;
  data: Record<string, unknown>;
}

export interface Trace {
  id: string;
  name: string;
  status: string;
  startTime: string;
  totalLatencyMs: number;
  totalTokens: number;
  sessionId: string | null;
  input: unknown;
  output: unknown;
}

export interface TracePage {
  traces: Trace[];
  total: number;
  pages: number;
}

export interface Span {
  id: string;
  name: string;
  type: string;
  status: string;
  startTime: string;
  endTime?: string | null;
  latencyMs: number | null;
  inputs: unknown;
  outputs: unknown;
  error: string | null;
  modelName: string | null;
  tokenUsage: unknown;
  children: Span[];
}

export interface TraceDetail extends Trace {
  endTime: string | null;
  spans: Span[];
}

export interface ModelEntry {
  model_name: string;
  metadata?: Record<string, unknown>;
}

export interface ModelProvider {
  provider: string;
  icon?: string;
  models: ModelEntry[];
  is_enabled?: boolean;
  is_configured?: boolean;
}
