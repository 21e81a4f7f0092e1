import { useMemo } from "react";
import type { NodeData } from "@/flow/document";
import { useEditor } from "@/stores/editor";
import { requestsOf, useWaiting, type Waiting } from "@/stores/waiting";
import { Decision } from "@/ui/decision";
import { useCanvasActions } from "./canvas-actions";
import { t } from "./messages";
import { componentsOf } from "./run-of";

/** What runs ask at this node, or inside of this group; nothing where an older version is looked at. */
export function useRequests(id: string, data: NodeData): readonly Waiting[] {
  const requests = useWaiting((state) => state.requests);
  const isVersion = useEditor((state) => state.shelved !== undefined && state.shelved.inside === undefined);
  return useMemo(() => requestsOf(isVersion ? {} : requests, componentsOf(id, data)), [requests, isVersion, id, data]);
}

/** The newest question, to be answered at the node itself. */
export function WaitingPanel({ requests, name }: { requests: readonly Waiting[]; name: string }) {
  const { answer } = useCanvasActions();
  const flowId = useEditor((state) => state.meta?.id);
  const request = requests[0];
  const fate = useWaiting((state) => (request ? state.fates[request.id] : undefined));
  if (!request) return null;
  const more = requests.length - 1;
  return (
    <section
      data-testid="waiting-panel"
      aria-label={t.waitsForAnAnswer(name)}
      className="nodrag grid cursor-auto gap-2 border-b border-warn/40 bg-warn-soft px-3 py-2.5"
    >
      <Decision key={request.id} request={request} fate={fate} onChoose={(action) => answer(request, action)} />
      {request.session && request.session !== flowId ? (
        <p className="truncate text-xs text-ink-soft">{t.inSession(request.session)}</p>
      ) : null}
      {more > 0 ? <p className="text-xs text-ink-soft">{t.moreRunsWait(more)}</p> : null}
    </section>
  );
}
