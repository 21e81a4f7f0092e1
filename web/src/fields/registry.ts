import type { ComponentType } from "react";
import type { InputKind } from "@/flow/kinds";
import { ActionsField } from "./actions";
import { DropdownField, McpField, ModelField, MultiselectField, SortableField, TabField } from "./choice";
import { FileField } from "./file";
import { BoolField, DurationField, NumberField, SliderField } from "./number";
import {
  CodeField,
  ConnectionField,
  DictField,
  DisplayField,
  HandleField,
  JsonField,
  LinkField,
  PromptField,
} from "./structured";
import { TableField, ToolsField } from "./table";
import { MultilineField, SecretField, TextField } from "./text";
import type { FieldProps } from "./types";

/** One widget for each kind of input. The compiler names the kind that lacks one. */
export const fieldWidgets = {
  text: TextField,
  multiline: MultilineField,
  secret: SecretField,
  prompt: PromptField,
  query: MultilineField,
  int: NumberField,
  float: NumberField,
  bool: BoolField,
  dropdown: DropdownField,
  multiselect: MultiselectField,
  actions: ActionsField,
  tab: TabField,
  slider: SliderField,
  dict: DictField,
  nestedDict: JsonField,
  table: TableField,
  file: FileField,
  code: CodeField,
  model: ModelField,
  mcp: McpField,
  sortable: SortableField,
  tools: ToolsField,
  duration: DurationField,
  connection: ConnectionField,
  display: DisplayField,
  link: LinkField,
  handle: HandleField,
  json: JsonField,
} satisfies Record<InputKind, ComponentType<FieldProps>>;
