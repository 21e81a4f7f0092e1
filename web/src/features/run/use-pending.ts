import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { pendingOf } from "@/api/jobs";
import { hasHumanInput } from "@/flow/waiting";
import { flowOf, useEditor } from "@/stores/editor";
import { useWaiting } from "@/stores/waiting";
import { takePending } from "./runner";

const POLL_MS = 6000;

/** Keeps what runs of the flow ask up to date: other pages and programs start, answer and stop runs too. */
export function usePending(flowId: string): void {
  const asks = useEditor((state) => state.meta?.id === flowId && hasHumanInput(flowOf(state)));
  const waits = useWaiting((state) => Object.keys(state.requests).length > 0);
  const pending = useQuery({
    queryKey: ["pending", flowId],
    enabled: asks,
    staleTime: 0,
    gcTime: 0,
    retry: false,
    // While the page is hidden only where something waits.
    refetchInterval: POLL_MS,
    refetchIntervalInBackground: waits,
    queryFn: async ({ signal }) => {
      const asked = Date.now();
      return { asked, items: await pendingOf(flowId, signal) };
    },
  }).data;
  useEffect(() => {
    if (pending && useEditor.getState().meta?.id === flowId) takePending(flowId, pending.items, pending.asked);
  }, [pending, flowId]);
}
