import { create } from "zustand";
import type { User } from "@/api/types";

/** Who is signed in; nobody on a public playground. */
export const useSession = create<{ user: User | undefined; setUser: (user: User | undefined) => void }>((set) => ({
  user: undefined,
  setUser: (user) => set({ user }),
}));
