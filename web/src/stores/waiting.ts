/** What runs of the open flow ask people, and what became of it on this page. */
import { create } from "zustand";
import type { HumanRequest } from "@/flow/waiting";

export interface Waiting extends HumanRequest {
  session: string;
  /** When this page came to know of it. */
  since: number;
}

export type Fate =
  | { kind: "sending"; action: string }
  | { kind: "answered"; action: string }
  /** The answer was not taken; another may be. */
  | { kind: "refused"; text: string }
  /** Nothing is asked any more. */
  | { kind: "over"; text: string };

interface WaitingState {
  requests: Record<string, Waiting>;
  /** By request. */
  fates: Record<string, Fate>;
  add: (request: Waiting) => void;
  settle: (id: string, fate: Fate) => void;
  /** Takes the server's list, as it was asked for at a time. Answers what came and what is gone. */
  sync: (found: Waiting[], asked: number) => { came: Waiting[]; gone: Waiting[] };
  clear: () => void;
}

const isClosed = (fate: Fate | undefined) => fate?.kind === "answered" || fate?.kind === "over";

export const useWaiting = create<WaitingState>((set, get) => ({
  requests: {},
  fates: {},
  add: (request) =>
    set(({ requests, fates }) =>
      isClosed(fates[request.id]) ? {} : { requests: { ...requests, [request.id]: request } },
    ),
  settle: (id, fate) =>
    set(({ requests, fates }) => {
      const { [id]: _, ...others } = requests;
      return { fates: { ...fates, [id]: fate }, ...(isClosed(fate) ? { requests: others } : {}) };
    }),
  sync: (found, asked) => {
    const { requests, fates, add } = get();
    const there = new Set(found.map((request) => request.id));
    const came = found.filter(({ id }) => !(id in requests) && !isClosed(fates[id]));
    const gone = Object.values(requests).filter(
      ({ id, since }) => since < asked && !there.has(id) && fates[id]?.kind !== "sending",
    );
    for (const request of came) add(request);
    return { came, gone };
  },
  clear: () => set({ requests: {}, fates: {} }),
}));

export const waiting = () => useWaiting.getState();

const none: readonly Waiting[] = [];

/** What these components ask, the newest first. The same list as long as nothing changed. */
export function requestsOf(requests: Record<string, Waiting>, ids: readonly string[]): readonly Waiting[] {
  const found = Object.values(requests).filter((request) => ids.includes(request.nodeId));
  return found.length === 0 ? none : found.toSorted((a, b) => (a.askedAt < b.askedAt ? 1 : -1));
}
