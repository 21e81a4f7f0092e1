import { Check, Hourglass } from "lucide-react";
import { lazy, Suspense, useId } from "react";
import { deadlineOf, type HumanRequest } from "@/flow/waiting";
import type { Fate } from "@/stores/waiting";
import { cn } from "@/util/cn";
import { ago, longDuration, longTime } from "@/util/time";
import { Button } from "./button";
import { t } from "./messages";

const Markdown = lazy(() => import("./markdown"));

export interface DecisionProps {
  request: HumanRequest;
  fate: Fate | undefined;
  /** The stored answer, where there is one. */
  chosen?: string | undefined;
  isSuperseded?: boolean;
  /** Without it nobody can answer here. */
  onChoose?: ((action: string) => void) | undefined;
  className?: string;
}

/** What a run asks a person: the text to decide on, a button for each choice, and what became of it. */
export function Decision({ request, fate, chosen, isSuperseded, onChoose, className }: DecisionProps) {
  const id = useId();
  const answer = chosen ?? (fate?.kind === "answered" || fate?.kind === "sending" ? fate.action : undefined);
  const isOver = chosen !== undefined || isSuperseded === true || fate?.kind === "answered" || fate?.kind === "over";
  const isBusy = fate?.kind === "sending";
  return (
    <div className={cn("grid gap-2.5", className)}>
      <div id={id} className="nowheel max-h-72 overflow-y-auto break-words text-sm">
        {request.prompt ? (
          <Suspense fallback={<p className="whitespace-pre-wrap">{request.prompt}</p>}>
            <Markdown text={request.prompt} />
          </Suspense>
        ) : (
          <p>{t.theFlowWaitsForYour}</p>
        )}
      </div>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset would draw a frame around the buttons */}
      <div role="group" aria-label={t.choices} aria-describedby={id} className="flex flex-wrap gap-2">
        {request.choices.map((choice, index) => (
          <Button
            key={choice.id}
            size="sm"
            look={index === 0 && !isOver ? "primary" : "plain"}
            data-testid={`human-choice-${choice.id}`}
            aria-pressed={isOver ? answer === choice.id : undefined}
            disabled={isOver || isBusy || !onChoose}
            busy={isBusy && answer === choice.id}
            className="nodrag max-w-full"
            onClick={() => onChoose?.(choice.id)}
          >
            {isOver && answer === choice.id ? <Check size={14} aria-hidden="true" /> : null}
            <span className="truncate">{choice.label}</span>
          </Button>
        ))}
      </div>
      {isOver ? (
        <p role="status" className="text-[13px] text-ink-soft">
          {outcomeOf(request, answer, isSuperseded, fate)}
        </p>
      ) : (
        <Deadline request={request} />
      )}
      {fate?.kind === "refused" && !isOver ? (
        <p role="alert" className="text-[13px] text-danger">
          {fate.text}
        </p>
      ) : null}
    </div>
  );
}

function outcomeOf(request: HumanRequest, answer: string | undefined, isSuperseded?: boolean, fate?: Fate): string {
  if (answer !== undefined) return t.chosen(request.choices.find((choice) => choice.id === answer)?.label ?? answer);
  if (isSuperseded) return t.theRunWasStoppedBefore;
  return fate?.kind === "over" ? fate.text : "";
}

/** How long an answer may take, and what becomes of a late one. */
function Deadline({ request }: { request: HumanRequest }) {
  if (request.timeoutSeconds <= 0) return null;
  const end = deadlineOf(request);
  const late = request.fallback ? t.aLateAnswerTakes : t.aLateAnswerTakesNo;
  const isLate = end !== undefined && end < Date.now();
  const at = end === undefined ? undefined : new Date(end).toISOString();
  return (
    <p className={cn("flex gap-1.5 text-[13px]", isLate ? "text-warn" : "text-ink-soft")}>
      <Hourglass size={14} aria-hidden="true" className="mt-0.5 shrink-0" />
      <span>
        {isLate
          ? t.theTimeIsOver(ago(at))
          : at
            ? t.answerBy(longTime(at))
            : t.answerWithin(longDuration(request.timeoutSeconds))}{" "}
        {late}
      </span>
    </p>
  );
}
