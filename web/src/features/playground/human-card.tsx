import { Square, UserCheck } from "lucide-react";
import type { Question } from "@/flow/chat";
import { useWaiting, type Waiting } from "@/stores/waiting";
import { Button } from "@/ui/button";
import { Decision } from "@/ui/decision";
import { t } from "./messages";

export interface HumanCardProps {
  question: Question;
  session: string;
  /** Without it nobody can answer here. */
  onAnswer?: ((request: Waiting, action: string) => void) | undefined;
  onStopWaiting?: ((request: Waiting) => void) | undefined;
}

/** A run asks a person, in the chat. */
export function HumanCard({ question, session, onAnswer, onStopWaiting }: HumanCardProps) {
  const { request: stored, chosen, isSuperseded } = question;
  // The message does not keep how long an answer may take.
  const known = useWaiting((state) => state.requests[stored.id]);
  const fate = useWaiting((state) => state.fates[stored.id]);
  const asked = () => known ?? { ...stored, session, since: Date.now() };
  const isOpen = chosen === undefined && !isSuperseded && fate?.kind !== "answered" && fate?.kind !== "over";
  return (
    <section
      data-testid="human-input-card"
      data-open={isOpen}
      aria-label={t.aDecisionIsWanted}
      className={`mb-2 grid gap-2 rounded-xl border p-3 ${isOpen ? "border-warn/60 bg-warn-soft" : "border-line bg-sunken/60"}`}
    >
      <div className="flex min-h-8 items-center gap-1.5">
        <UserCheck size={15} aria-hidden="true" className={isOpen ? "text-warn" : "text-ink-soft"} />
        <p className="flex-1 text-[13px] font-semibold">{isOpen ? t.aDecisionIsWanted : t.aDecision}</p>
        {isOpen && onStopWaiting ? (
          <Button
            size="sm"
            look="ghost"
            data-testid="human-stop"
            disabled={fate?.kind === "sending"}
            onClick={() => onStopWaiting(asked())}
          >
            <Square size={12} aria-hidden="true" />
            {t.stopTheRun}
          </Button>
        ) : null}
      </div>
      <Decision
        request={known ?? stored}
        fate={fate}
        chosen={chosen}
        isSuperseded={isSuperseded}
        onChoose={onAnswer && ((action) => onAnswer(asked(), action))}
      />
    </section>
  );
}
