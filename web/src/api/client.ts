import { asText, isRecord, parseJson } from "@/util/json";
import { takeEarly } from "./early";
import { t } from "./messages";

/** The server refused, or did not answer (`status` 0). */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly detail: unknown = undefined,
  ) {
    super(message);
    this.name = "ApiError";
  }
}

export interface RequestOptions {
  method?: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  query?: Record<string, string | number | boolean | undefined>;
  /** Sent as JSON. */
  body?: unknown;
  /** Sent as it is (form data, URL-encoded form). */
  raw?: BodyInit;
  headers?: Record<string, string>;
  signal?: AbortSignal;
  /** Do not try to renew the session when it has ended. */
  anonymous?: boolean;
}

/** Turns an error body of the server into one sentence. */
export function errorText(status: number, body: unknown): string {
  const detail = isRecord(body) ? (body.detail ?? body.message ?? body.error) : body;
  if (Array.isArray(detail)) {
    const lines = detail.map((entry: unknown) => {
      if (!isRecord(entry)) return asText(entry);
      const where = Array.isArray(entry.loc) ? entry.loc.slice(1).map(asText).join(" → ") : "";
      return where ? `${where}: ${asText(entry.msg)}` : asText(entry.msg);
    });
    return [...new Set(lines)].join("; ");
  }
  if (isRecord(detail)) return asText(detail.message ?? detail.error ?? detail.code ?? detail);
  if (typeof detail === "string" && detail.trim() && !detail.trimStart().startsWith("<")) return detail;
  if (status === 404) return t.theServerDoesNotKnow;
  return t.theServerAnsweredWithStatus(status);
}

function address(path: string, query: RequestOptions["query"]): string {
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(query ?? {})) {
    if (value !== undefined) search.set(key, String(value));
  }
  const text = search.toString();
  return text ? `${path}?${text}` : path;
}

async function send(path: string, options: RequestOptions): Promise<Response> {
  const headers: Record<string, string> = { accept: "application/json", ...options.headers };
  let body = options.raw;
  if (options.body !== undefined) {
    headers["content-type"] = "application/json";
    body = JSON.stringify(options.body);
  }
  try {
    return await fetch(address(path, options.query), {
      method: options.method ?? "GET",
      headers,
      body: body ?? null,
      credentials: "same-origin",
      signal: options.signal ?? null,
    });
  } catch (cause) {
    if (options.signal?.aborted) throw cause;
    throw new ApiError(0, t.theServerDoesNotAnswer);
  }
}

let renewal: Promise<boolean> | undefined;

/** One renewal at a time, whoever asks. Auto login stands in where no one signs in. */
export function renewSession(): Promise<boolean> {
  renewal ??= (async () => {
    const refreshed = await send("/api/v1/refresh", { method: "POST" });
    if (refreshed.ok) return true;
    return (await send("/api/v1/auto_login", {})).ok;
  })()
    .catch(() => false)
    .finally(() => {
      renewal = undefined;
    });
  return renewal;
}

/** Told to the page before it is left for the sign-in. */
export const SIGNED_OUT = "langflow:signed-out";

let onSignedOut: () => void = () => undefined;

/** What to do when the session has ended and cannot be renewed. */
export function whenSignedOut(action: () => void): void {
  onSignedOut = action;
}

async function failure(response: Response): Promise<ApiError> {
  const text = await response.text().catch(() => "");
  const body = parseJson(text) ?? text;
  return new ApiError(response.status, errorText(response.status, body), isRecord(body) ? body.detail : body);
}

/** Calls the server and answers the raw response; refusals are thrown. */
export async function call(path: string, options: RequestOptions = {}): Promise<Response> {
  const isPlain = options.query === undefined && (options.method ?? "GET") === "GET";
  let response = (isPlain ? await takeEarly(path) : undefined) ?? (await send(path, options));
  if (!options.anonymous && (response.status === 401 || response.status === 403)) {
    const refused = await failure(response);
    const missing = response.status === 401 || refused.message.includes("authentication credentials");
    if (!missing) throw refused;
    if (!(await renewSession())) {
      onSignedOut();
      throw new ApiError(401, t.yourSessionHasEnded);
    }
    response = await send(path, options);
  }
  if (!response.ok) throw await failure(response);
  return response;
}

/** Calls the server and reads a JSON answer. The caller names the shape the contract promises. */
export async function api<T>(path: string, options: RequestOptions = {}): Promise<T> {
  const response = await call(path, options);
  if (response.status === 204) return undefined as T;
  const text = await response.text();
  const body = text ? parseJson(text) : null;
  if (body === undefined) throw new ApiError(response.status, t.notJson);
  return body as T;
}

export { describe } from "@/util/describe";
