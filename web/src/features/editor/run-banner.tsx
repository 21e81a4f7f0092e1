import { Square, X } from "lucide-react";
import { type ReactNode, useEffect, useState } from "react";
import { showNode } from "@/actions/show-node";
import { nodeById } from "@/flow/ops";
import { nameOf } from "@/flow/validate";
import { useEditor } from "@/stores/editor";
import { view } from "@/stores/view";
import { Button, Spinner } from "@/ui/button";
import { duration } from "@/util/time";
import { runFlow, stopRun } from "../run/runner";
import { t } from "./messages";

/** Tells what runs, and what failed and where. */
export function RunBanner() {
  const run = useEditor((state) => state.run);
  const [dismissed, setDismissed] = useState(0);
  if (run.phase === "running") {
    const running = Object.entries(run.nodes).find(([, node]) => node.status === "running");
    const node = running && nodeById(useEditor.getState().document, running[0]);
    return (
      <Card>
        <Spinner />
        <span role="status" className="min-w-0 flex-1 truncate">
          {node ? t.running(nameOf(node)) : t.running2} · <Clock since={run.startedAt} />
        </span>
        <Button size="sm" data-testid="stop_building_button" onClick={stopRun}>
          <Square size={13} aria-hidden="true" /> {t.stop}
        </Button>
      </Card>
    );
  }
  if (run.phase !== "failed" || !run.failure || dismissed === run.startedAt) return null;
  const { nodeId, summary, text } = run.failure;
  const node = nodeId ? nodeById(useEditor.getState().document, nodeId) : undefined;
  return (
    <Card isError>
      <div role="alert" className="min-w-0 flex-1">
        <p className="font-semibold text-danger">
          {node ? t.failed2(nameOf(node)) : (run.failure.name ?? t.theRunFailed)}
        </p>
        {summary ? <p className="text-[13px] font-medium">{summary}</p> : null}
        <p className="line-clamp-3 break-words text-[13px]">{text}</p>
      </div>
      {node ? (
        <Button
          size="sm"
          onClick={() => {
            showNode(node.id);
            view().set({ inspector: true, inspectorTab: "output" });
          }}
        >
          {t.show}
        </Button>
      ) : null}
      <Button size="sm" onClick={() => void runFlow(nodeId ? { stopAt: nodeId } : {})}>
        {t.retry}
      </Button>
      <button
        type="button"
        aria-label={t.dismiss}
        className="rounded p-1 hover:bg-sunken"
        onClick={() => setDismissed(run.startedAt)}
      >
        <X size={15} aria-hidden="true" />
      </button>
    </Card>
  );
}

function Card({ children, isError }: { children: ReactNode; isError?: boolean }) {
  return (
    <div
      data-testid={isError ? "run-failed-banner" : "run-banner"}
      className={`absolute bottom-16 left-1/2 flex w-[min(34rem,calc(100%-1rem))] -translate-x-1/2 items-center gap-3 rounded-xl border bg-surface px-4 py-2.5 text-sm shadow-card ${isError ? "border-danger" : "border-line"}`}
    >
      {children}
    </div>
  );
}

function Clock({ since }: { since: number }) {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 100);
    return () => clearInterval(timer);
  }, []);
  return <span className="tabular-nums">{duration(Math.max(0, (now - since) / 1000))}</span>;
}
