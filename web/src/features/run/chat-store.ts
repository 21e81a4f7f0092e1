import { create } from "zustand";
import { type ChatMessage, reduceChat, settle } from "@/flow/chat";
import type { RunEvent } from "@/flow/run";

interface Chat {
  session: string;
  messages: ChatMessage[];
  isRunning: boolean;
  /** Counts how often the stored messages are wanted anew. */
  reads: number;
  refresh: () => void;
  set: (change: Partial<Pick<Chat, "session" | "messages" | "isRunning">>) => void;
  apply: (event: RunEvent) => void;
}

export const useChat = create<Chat>((set) => ({
  session: "",
  messages: [],
  isRunning: false,
  reads: 0,
  refresh: () => set((state) => ({ reads: state.reads + 1 })),
  set: (change) => set(change),
  apply: (event) =>
    set((state) => ({ messages: event.event === "end" ? settle(state.messages) : reduceChat(state.messages, event) })),
}));
