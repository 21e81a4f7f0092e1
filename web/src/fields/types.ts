import { createContext, useContext } from "react";
import type { TemplateField } from "@/flow/document";

export interface VariableInfo {
  name: string;
  isSecret: boolean;
}

export interface ModelChoice {
  name: string;
  provider: string;
  icon?: string;
  metadata?: Record<string, unknown>;
}

export interface FileInfo {
  name: string;
  path: string;
}

export interface TextEditing {
  title: string;
  value: string;
  language?: "python" | "json" | "prompt" | "text";
  /** A prompt whose variables stand in double braces. */
  isMustache?: boolean;
  /** What the catalogue has here, to compare with. */
  stock?: string | undefined;
  save: (text: string) => void | Promise<void>;
}

/** What widgets need of the world around the node; the editor's page provides it. */
export interface FieldServices {
  variables: VariableInfo[];
  addVariable: (type: "Credential" | "Generic", done: (name: string) => void) => void;
  models: (kind: string | undefined) => ModelChoice[];
  configureModels: () => void;
  files: FileInfo[];
  upload: (file: File) => Promise<FileInfo | undefined>;
  mcpServers: string[];
  editText: (editing: TextEditing) => void;
  /** The refresh button of a field. */
  refresh: (nodeId: string, name: string, value: unknown) => void;
  /** A prompt's text changed: its variables become inputs. */
  promptChanged: (nodeId: string, name: string, text: string) => void;
}

const none: FieldServices = {
  variables: [],
  addVariable: () => undefined,
  models: () => [],
  configureModels: () => undefined,
  files: [],
  upload: async () => undefined,
  mcpServers: [],
  editText: () => undefined,
  refresh: () => undefined,
  promptChanged: () => undefined,
};

export const FieldServicesContext = createContext<FieldServices>(none);
export const useFieldServices = () => useContext(FieldServicesContext);

export interface FieldProps {
  /** Of the control, for its label. */
  id: string;
  nodeId: string;
  name: string;
  field: TemplateField;
  disabled: boolean;
  onChange: (change: Partial<TemplateField>) => void;
}

export const labelOf = (name: string, field: TemplateField) => field.display_name || name;
