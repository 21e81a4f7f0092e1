/** Messages of the playground: events of a run and stored messages become one ordered list. */
import { asText, isRecord, parseJson } from "@/util/json";
import { type Failure, readFailure } from "./failure";
import type { RunEvent } from "./run";
import { type HumanRequest, readRequest } from "./waiting";

export type ToolCall = { name: string; input: unknown; output: unknown; error: string; seconds: number | undefined };

/** What a run asks in the chat, as the message keeps it. */
export type Question = {
  request: HumanRequest;
  /** The action that was chosen. */
  chosen: string | undefined;
  /** The run was stopped before anybody answered. */
  isSuperseded: boolean;
};

export type ChatMessage = {
  id: string;
  sender: string;
  name: string;
  text: string;
  session: string;
  time: string;
  files: string[];
  isError: boolean;
  /** What kind of failure it is, in plain words. */
  summary: string | undefined;
  isPartial: boolean;
  isEdited: boolean;
  tools: ToolCall[];
  questions: Question[];
  tokens: number | undefined;
  seconds: number | undefined;
  nodeId: string | undefined;
  properties: Record<string, unknown>;
};

export function readMessage(value: unknown): ChatMessage | undefined {
  if (!isRecord(value)) return undefined;
  const id = asText(value.id);
  if (!id) return undefined;
  const properties = readObject(value.properties);
  const usage = readObject(properties.usage);
  const source = readObject(properties.source);
  const isError = value.category === "error" || value.error === true;
  const blocks = readList(value.content_blocks);
  const failure = isError ? failureIn(blocks) : undefined;
  return {
    id,
    sender: asText(value.sender),
    name: asText(value.sender_name) || asText(value.sender),
    text: failure?.text || asText(value.text),
    summary: failure?.summary,
    session: asText(value.session_id),
    time: asText(value.timestamp),
    files: readList(value.files).map(fileName).filter(Boolean),
    isError,
    isPartial: properties.state === "partial",
    isEdited: value.edit === true,
    tools: toolCalls(blocks),
    questions: questionsIn(blocks),
    tokens: typeof usage.total_tokens === "number" ? usage.total_tokens : undefined,
    seconds: typeof properties.build_duration === "number" ? properties.build_duration : undefined,
    nodeId: asText(source.id) || undefined,
    properties,
  };
}

function readObject(value: unknown): Record<string, unknown> {
  const read = typeof value === "string" ? parseJson(value) : value;
  return isRecord(read) ? read : {};
}

function readList(value: unknown): unknown[] {
  const read = typeof value === "string" ? parseJson(value) : value;
  return Array.isArray(read) ? read : [];
}

function fileName(value: unknown): string {
  return isRecord(value) ? asText(value.path ?? value.name) : asText(value);
}

function contents(blocks: unknown[]): Record<string, unknown>[] {
  return blocks.flatMap((block) => {
    if (!isRecord(block)) return [];
    return Array.isArray(block.contents) && block.contents.length > 0 ? block.contents.filter(isRecord) : [block];
  });
}

function toolCalls(blocks: unknown[]): ToolCall[] {
  return contents(blocks)
    .filter((content) => content.type === "tool_use")
    .map((content) => ({
      name: asText(content.name) || "tool",
      input: content.input ?? content.tool_input,
      output: content.output,
      error: asText(content.error),
      // Milliseconds on the wire.
      seconds: typeof content.duration === "number" ? content.duration / 1000 : undefined,
    }));
}

function questionsIn(blocks: unknown[]): Question[] {
  return contents(blocks)
    .filter((content) => content.type === "human_input")
    .flatMap((content) => {
      const request = readRequest(content);
      if (!request) return [];
      return {
        request,
        chosen: asText(content.submitted_action) || undefined,
        isSuperseded: content.superseded === true,
      };
    });
}

function failureIn(blocks: unknown[]): Failure | undefined {
  const error = contents(blocks).find((content) => content.type === "error");
  return error && readFailure(asText(error.reason));
}

/** Applies one event of a run. Messages of other sessions are left to their own lists. */
export function reduceChat(messages: ChatMessage[], { event, data }: RunEvent): ChatMessage[] {
  switch (event) {
    case "add_message":
    case "error": {
      const message = readMessage(event === "error" ? { category: "error", ...data } : data);
      return message ? put(messages, message) : messages;
    }
    case "token": {
      const id = asText(data.id);
      return messages.map((message) =>
        message.id === id ? { ...message, text: message.text + asText(data.chunk), isPartial: true } : message,
      );
    }
    case "remove_message":
      return messages.filter((message) => message.id !== asText(data.id));
    default:
      return messages;
  }
}

/** Puts a message in its place: where it was, or at the end. */
export function put(messages: ChatMessage[], message: ChatMessage): ChatMessage[] {
  const at = messages.findIndex((other) => other.id === message.id);
  return at < 0 ? [...messages, message] : messages.with(at, message);
}

/** The run is over: nothing is being written any more. */
export function settle(messages: ChatMessage[]): ChatMessage[] {
  return messages.some((message) => message.isPartial)
    ? messages.map((message) => (message.isPartial ? { ...message, isPartial: false } : message))
    : messages;
}
