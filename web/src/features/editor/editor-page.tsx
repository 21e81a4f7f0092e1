import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { ReactFlowProvider } from "@xyflow/react";
import { lazy, Suspense, useEffect, useState } from "react";
import { ApiError, api, describe } from "@/api/client";
import { flowQuery } from "@/api/queries";
import type { StoredBuild } from "@/api/types";
import { type NodeRun, readBuild } from "@/flow/run";
import { useEditor } from "@/stores/editor";
import { toast } from "@/stores/toast";
import { useView, view } from "@/stores/view";
import { Failed } from "@/ui/skeleton";
import { parseTime } from "@/util/time";
import { useChat } from "../run/chat-store";
import { leaveRuns } from "../run/runner";
import { usePending } from "../run/use-pending";
import { type Draft, newerDraft } from "../save/draft";
import { DraftBanner } from "../save/draft-banner";
import { watchDocument } from "../save/saver";
import { EditorHeader } from "./editor-header";
import { t } from "./messages";
import { Workspace } from "./workspace";

const PreviewBanner = lazy(() => import("./preview-banner"));
const Playground = lazy(() => import("../playground/playground"));

export function EditorPage({ flowId }: { flowId: string }) {
  const flow = useQuery(flowQuery(flowId));
  const isOpen = useEditor((state) => state.meta?.id === flowId);
  const isPreview = useEditor((state) => state.shelved !== undefined);
  const playground = useView((state) => state.playground);
  const [draft, setDraft] = useState<Draft>();
  const data = flow.data;
  usePending(flowId);

  useEffect(() => {
    if (!data) return;
    const dropped = useEditor.getState().open(data);
    if (dropped > 0) toast.info(t.brokenOfThisFlowCould(dropped));
    useChat.getState().set({ session: data.id, messages: [] });
    setDraft(newerDraft(data.id, data.updated_at));
    void restoreRuns(data.id);
    document.title = `${data.name} · Langflow`;
    const stop = watchDocument();
    return () => {
      stop();
      leaveRuns();
      useEditor.getState().close();
      view().set({
        playground: false,
        inspector: false,
        filter: undefined,
        dialog: undefined,
        menu: undefined,
        picker: undefined,
        previewed: undefined,
      });
      document.title = "Langflow";
    };
  }, [data]);

  if (flow.isError) return <Missing error={flow.error} retry={() => void flow.refetch()} />;
  return (
    <ReactFlowProvider>
      <div className="flex h-full flex-col">
        <EditorHeader />
        {isPreview ? (
          <Suspense>
            <PreviewBanner />
          </Suspense>
        ) : null}
        {isOpen && draft ? <DraftBanner draft={draft} onDone={() => setDraft(undefined)} /> : null}
        <div className="flex min-h-0 flex-1">
          {isOpen ? <Workspace /> : <div role="status" aria-label={t.loadingTheFlow} className="skeleton m-6 flex-1" />}
          {isOpen && playground ? (
            <Suspense fallback={<div className="skeleton w-[26rem] max-w-full" />}>
              <Playground />
            </Suspense>
          ) : null}
        </div>
      </div>
    </ReactFlowProvider>
  );
}

function Missing({ error, retry }: { error: unknown; retry: () => void }) {
  const isGone = error instanceof ApiError && (error.status === 404 || error.status === 422);
  return (
    <main className="mx-auto grid max-w-md gap-4 p-10">
      <h1 className="text-lg font-semibold">{isGone ? t.thisFlowDoesNotExist : t.theFlowCouldNotBe}</h1>
      {isGone ? <p className="text-ink-soft">{t.itWasDeletedOrIt}</p> : <Failed text={describe(error)} retry={retry} />}
      <Link to="/flows" className="font-medium text-accent underline">
        {t.allFlows}
      </Link>
    </main>
  );
}

/** Results of earlier runs, so that nodes keep their marks after a reload. */
async function restoreRuns(id: string) {
  try {
    const answer = await api<{ vertex_builds: Record<string, StoredBuild[]> }>("/api/v1/monitor/builds", {
      query: { flow_id: id },
    });
    const nodes: Record<string, NodeRun> = {};
    for (const [nodeId, builds] of Object.entries(answer.vertex_builds)) {
      const last = builds.at(-1);
      if (last)
        nodes[nodeId] = readBuild(
          { data: last.data, valid: last.valid, params: last.params },
          parseTime(last.timestamp)?.getTime() ?? 0,
        );
    }
    const state = useEditor.getState();
    if (state.meta?.id === id && state.run.phase === "idle") useEditor.setState({ run: { ...state.run, nodes } });
  } catch {
    // Marks of old runs are a comfort; without them the flow opens all the same.
  }
}
