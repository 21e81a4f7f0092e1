import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { ApiError, SIGNED_OUT, whenSignedOut } from "@/api/client";
import type { User } from "@/api/types";
import { useSession } from "@/stores/session";
import { Confirmer } from "@/ui/confirmer";
import { Toaster } from "@/ui/toaster";
import { makeRouter } from "./routes";

export const loadEditor = () => import("./pages/flow");

export function mountApp(root: HTMLElement, user: User | undefined): void {
  useSession.getState().setUser(user);
  const queries = new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 30_000,
        refetchOnWindowFocus: false,
        // Only silence is worth asking again: a refusal stays a refusal.
        retry: (count, error) => error instanceof ApiError && error.status === 0 && count < 2,
      },
    },
  });
  whenSignedOut(() => {
    const back = encodeURIComponent(location.pathname + location.search);
    dispatchEvent(new Event(SIGNED_OUT));
    location.assign(`/login?ended&next=${back}`);
  });
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={queries}>
        <RouterProvider router={makeRouter()} />
        <Confirmer />
        <Toaster />
      </QueryClientProvider>
    </StrictMode>,
  );
}
