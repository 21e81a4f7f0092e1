import { Hourglass, Square, X } from "lucide-react";
import { type ReactNode, useEffect, useState } from "react";
import { showNode } from "@/actions/show-node";
import { componentsOf } from "@/canvas/run-of";
import { nodeById } from "@/flow/ops";
import { nameOf } from "@/flow/validate";
import { useEditor } from "@/stores/editor";
import { view } from "@/stores/view";
import { useWaiting, type Waiting } from "@/stores/waiting";
import { Button, Spinner } from "@/ui/button";
import { duration } from "@/util/time";
import { runFlow, stopRun, stopWaiting } from "../run/runner";
import { t } from "./messages";

/** Tells what runs, what waits for a person, and what failed and where. */
export function RunBanner() {
  const run = useEditor((state) => state.run);
  const [dismissed, setDismissed] = useState(0);
  const requests = useWaiting((state) => state.requests);
  if (run.phase === "running") {
    const running = Object.entries(run.nodes).find(([, node]) => node.status === "running");
    const node = running && nodeById(useEditor.getState().document, running[0]);
    return (
      <Card look="running">
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
  const open = Object.values(requests);
  if (open.length > 0) return <WaitingBanner requests={open} />;
  if (run.phase !== "failed" || !run.failure || dismissed === run.startedAt) return null;
  const { nodeId, summary, text } = run.failure;
  const node = nodeId ? nodeById(useEditor.getState().document, nodeId) : undefined;
  return (
    <Card look="failed">
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

/** Runs that wait for a person; put away until another one waits. */
function WaitingBanner({ requests }: { requests: Waiting[] }) {
  const [put, setPut] = useState<readonly string[]>([]);
  const fresh = requests.filter((request) => !put.includes(request.id));
  const newest = fresh.toSorted((a, b) => b.since - a.since)[0];
  const document = useEditor((state) => state.document);
  if (!newest) return null;
  const node = document.nodes.find(({ id, data }) => componentsOf(id, data).includes(newest.nodeId));
  const name = node ? nameOf(node) : newest.nodeId;
  return (
    <Card look="waiting">
      <Hourglass size={16} aria-hidden="true" className="shrink-0 text-warn" />
      <span role="status" className="min-w-0 flex-1">
        {requests.length === 1 ? t.waitsForAnAnswer(name) : t.runsWait(requests.length)}
      </span>
      {node ? (
        <Button size="sm" look="primary" data-testid="show-waiting" onClick={() => goToAnswer(node.id)}>
          {t.answer}
        </Button>
      ) : null}
      {requests.length === 1 ? (
        <Button size="sm" data-testid="stop-waiting" onClick={() => void stopWaiting(newest)}>
          <Square size={13} aria-hidden="true" /> {t.stop}
        </Button>
      ) : null}
      <button
        type="button"
        aria-label={t.dismiss}
        className="rounded p-1 hover:bg-sunken"
        onClick={() => setPut(requests.map((request) => request.id))}
      >
        <X size={15} aria-hidden="true" />
      </button>
    </Card>
  );
}

/** Brings the node that asks into view, and the keyboard to its choices. */
function goToAnswer(nodeId: string): void {
  showNode(nodeId);
  // Not before the node is near enough to be drawn with its fields.
  setTimeout(() => {
    const node = `.react-flow__node[data-id="${CSS.escape(nodeId)}"]`;
    document.querySelector<HTMLElement>(`${node} [data-testid^="human-choice-"]`)?.focus({ preventScroll: true });
  }, SHOWN_MS);
}

const SHOWN_MS = 450;

const cards = {
  running: { testId: "run-banner", border: "border-line" },
  waiting: { testId: "run-waiting-banner", border: "border-warn" },
  failed: { testId: "run-failed-banner", border: "border-danger" },
} as const;

function Card({ children, look }: { children: ReactNode; look: keyof typeof cards }) {
  return (
    <div
      data-testid={cards[look].testId}
      className={`absolute bottom-16 left-1/2 flex w-[min(34rem,calc(100%-1rem))] -translate-x-1/2 items-center gap-3 rounded-xl border bg-surface px-4 py-2.5 text-sm shadow-card ${cards[look].border}`}
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
