import { api } from "./client";
import type { ApiKey } from "./types";

/** Makes an API key. `expires` is a day (`2027-01-31`); the key is valid to its end. */
export function createKey(name: string, expires?: string): Promise<ApiKey> {
  const expires_at = expires ? `${expires}T23:59:59+00:00` : null;
  return api<ApiKey>("/api/v1/api_key/", { method: "POST", body: { name: name.trim() || null, expires_at } });
}
