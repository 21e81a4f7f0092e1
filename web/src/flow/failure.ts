/** How a failure reads: in plain words what kind of thing went wrong, and below it what was said about it. */
import { t } from "./messages";

export interface Failure {
  summary?: string;
  text: string;
}

/** The classes by which servers name failures. Of the rest, "failed" says all that their names say. */
const summaries: Record<string, string> = {
  ValueError: t.aValueOrSettingIs,
  PermissionError: t.itWasNotAllowed,
  TimeoutError: t.itTookTooLong,
  ConnectionError: t.theServiceDidNotAnswer,
  CancelledError: t.itWasStopped,
  NotImplementedError: t.thisServerCannotDoThat,
};

/** `**ValueError**\n - **Details: what is wrong**`, with more lines between where there is a code. */
const spoken = /^([A-Za-z_][\w.]*)\s*\n(?:\s*-\s*(?!Details:).*\n)*\s*-\s*Details:\s*([\s\S]*)$/;

export function readFailure(reason: string): Failure {
  const plain = reason.replaceAll("**", "").trim();
  const [, name, details] = spoken.exec(plain) ?? [];
  if (name === undefined || !details?.trim()) return { text: plain };
  const summary = summaries[name];
  return { text: details.trim(), ...(summary === undefined ? {} : { summary }) };
}
