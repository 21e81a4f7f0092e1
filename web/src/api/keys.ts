import { t } from "./messages";
import { answerOf, type Schemas, server } from "./server";

export type ApiKey = Schemas["KeyRead"];

/** Rights that a key may be limited to. */
export const scopeNames = {
  "flows:run": t.scopeRun,
  "flows:read": t.scopeRead,
  "flows:write": t.scopeWrite,
  files: t.scopeFiles,
  variables: t.scopeVariables,
  monitor: t.scopeMonitor,
  admin: t.scopeAdmin,
} as const;

export type ScopeText = keyof typeof scopeNames;

export interface NewKey {
  name: string;
  /** A day (`2027-01-31`); the key is valid to its end. */
  expires?: string | undefined;
  /** None: all that its user may do. */
  scopes?: string[] | undefined;
  limitPerMinute?: number | undefined;
}

export function createKey({ name, expires, scopes, limitPerMinute }: NewKey): Promise<ApiKey> {
  return answerOf(
    server.POST("/api/v1/api_key/", {
      body: {
        name: name.trim() || null,
        expires_at: expires ? `${expires}T23:59:59+00:00` : null,
        ...(scopes ? { scopes } : {}),
        ...(limitPerMinute ? { limit_per_minute: limitPerMinute } : {}),
      },
    }),
  );
}

/** Deletes all of them, or none where one is not there. */
export async function deleteKeys(ids: string[]): Promise<void> {
  await server.DELETE("/api/v1/api_key/", { body: ids });
}

/** The part of a key by which its owner knows it again. */
export const shortKey = (key: ApiKey) => `${key.api_key.slice(0, 8)}…`;
