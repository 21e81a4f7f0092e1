import { create } from "zustand";

export type Tone = "ok" | "danger" | "info";

export interface Toast {
  id: number;
  tone: Tone;
  text: string;
  action?: { label: string; run: () => void } | undefined;
}

interface Toasts {
  list: Toast[];
  /** Everything said in this session, newest first. */
  log: Toast[];
  show: (tone: Tone, text: string, action?: Toast["action"]) => number;
  dismiss: (id: number) => void;
  clearLog: () => void;
}

let next = 1;
const SHOWN_MS = 5000;
const UNDO_MS = 10_000;

export const useToasts = create<Toasts>((set, get) => ({
  list: [],
  log: [],
  show: (tone, text, action) => {
    const toast = { id: next++, tone, text, action };
    set((state) => ({ list: [...state.list, toast].slice(-4), log: [toast, ...state.log].slice(0, 50) }));
    setTimeout(() => get().dismiss(toast.id), action ? UNDO_MS : SHOWN_MS);
    return toast.id;
  },
  dismiss: (id) => set((state) => ({ list: state.list.filter((toast) => toast.id !== id) })),
  clearLog: () => set({ log: [] }),
}));

export const toast = {
  ok: (text: string, action?: Toast["action"]) => useToasts.getState().show("ok", text, action),
  error: (text: string, action?: Toast["action"]) => useToasts.getState().show("danger", text, action),
  info: (text: string, action?: Toast["action"]) => useToasts.getState().show("info", text, action),
};
