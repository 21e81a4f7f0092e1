/**
 * The API as its OpenAPI document describes it: paths, parameters and answers are checked by the compiler.
 * Refusals are thrown as `ApiError`, and an ended session is renewed, as for every other call.
 */
import createClient from "openapi-fetch";
import type { components, paths } from "./__generated__/schema";
import { ApiError, call, type RequestOptions } from "./client";
import { t } from "./messages";

export type Schemas = components["schemas"];

const methods = ["GET", "POST", "PUT", "PATCH", "DELETE"] as const;

async function pass(request: Request): Promise<Response> {
  const { pathname, search } = new URL(request.url);
  const method = methods.find((known) => known === request.method) ?? "GET";
  const kind = request.headers.get("content-type");
  const options: RequestOptions = { method, signal: request.signal, headers: kind ? { "content-type": kind } : {} };
  if (request.body) options.raw = await request.text();
  return call(pathname + search, options);
}

export const server = createClient<paths>({ baseUrl: globalThis.location?.origin ?? "http://localhost", fetch: pass });

/** The body of an answer that must have one. */
export async function answerOf<T>(asked: Promise<{ data?: T; response: Response }>): Promise<T> {
  const { data, response } = await asked;
  if (data === undefined) throw new ApiError(response.status, t.theServerAnsweredWithNothing);
  return data;
}
