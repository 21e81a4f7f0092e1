/** The dialog's boxes and the settings of a server, made from each other. */
import { asText, isRecord, parseJson } from "@/util/json";

export type Mode = "http" | "stdio" | "json";

export interface ServerForm {
  mode: Mode;
  name: string;
  url: string;
  /** `Name: value`, one a line. */
  headers: string;
  /** The program and its arguments, as on a command line. */
  command: string;
  /** `NAME=value`, one a line. */
  env: string;
  json: string;
}

export const emptyForm: ServerForm = { mode: "http", name: "", url: "", headers: "", command: "", env: "", json: "" };

type Named = [name: string, config: Record<string, unknown>];

/** What the form says, or nothing where it does not say enough. */
export function readServers(form: ServerForm): Named[] | undefined {
  const name = form.name.trim();
  switch (form.mode) {
    case "http": {
      const headers = readPairs(form.headers, ":");
      if (!name || !/^https?:\/\/./.test(form.url.trim()) || !headers) return undefined;
      return [[name, { url: form.url.trim(), headers }]];
    }
    case "stdio": {
      const [command, ...args] = splitCommand(form.command);
      const env = readPairs(form.env, "=");
      return name && command && env ? [[name, { command, args, env }]] : undefined;
    }
    case "json": {
      const value = parseJson(form.json);
      if (!isRecord(value)) return undefined;
      const list = isRecord(value.mcpServers) ? value.mcpServers : isRecord(value.servers) ? value.servers : undefined;
      if (list) {
        const named = Object.entries(list).filter((entry): entry is Named => isRecord(entry[1]));
        return named.length > 0 ? named : undefined;
      }
      return name ? [[name, value]] : undefined;
    }
  }
}

/** The form for a server that is there. */
export function formOf(name: string, config: Record<string, unknown>): ServerForm {
  const pairs = (value: unknown, sign: string) =>
    Object.entries(isRecord(value) ? value : {})
      .map(([key, text]) => `${key}${sign}${asText(text)}`)
      .join("\n");
  if (typeof config.url === "string") {
    return { ...emptyForm, name, url: config.url, headers: pairs(config.headers, ": ") };
  }
  const args = Array.isArray(config.args) ? config.args.map(asText) : [];
  const command = [asText(config.command), ...args].filter(Boolean).map(quoted).join(" ");
  return { ...emptyForm, mode: "stdio", name, command, env: pairs(config.env, "=") };
}

const quoted = (word: string) => (/[\s"']/.test(word) ? JSON.stringify(word) : word);

function readPairs(text: string, sign: string): Record<string, string> | undefined {
  const pairs: Record<string, string> = {};
  for (const line of text.split("\n").filter((candidate) => candidate.trim())) {
    const at = line.indexOf(sign);
    if (at < 1) return undefined;
    pairs[line.slice(0, at).trim()] = line.slice(at + 1).trim();
  }
  return pairs;
}

/** Words of a command line; quotes keep blanks. */
export function splitCommand(line: string): string[] {
  const words: string[] = [];
  for (const [, double, single, plain] of line.matchAll(/"((?:[^"\\]|\\.)*)"|'([^']*)'|(\S+)/g)) {
    words.push(double === undefined ? (single ?? plain ?? "") : double.replaceAll(/\\(.)/g, "$1"));
  }
  return words;
}
