/** An answer that was asked for before the page that needs it had loaded. */
let early: { path: string; response: Promise<Response | undefined> } | undefined;

export function askEarly(path: string): void {
  const response = fetch(path, { credentials: "same-origin", headers: { accept: "application/json" } })
    // A refusal is asked again, by the one who knows what to do about it.
    .then((answer) => (answer.ok ? answer : undefined))
    .catch(() => undefined);
  early = { path, response };
}

/** The early answer to this address, once. */
export async function takeEarly(path: string): Promise<Response | undefined> {
  if (early?.path !== path) return undefined;
  const { response } = early;
  early = undefined;
  return response;
}
