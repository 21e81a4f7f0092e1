import { UserCheck } from "lucide-react";
import type { Question } from "@/flow/chat";
import { useWaiting, type Waiting } from "@/stores/waiting";
import { Decision } from "@/ui/decision";
import { t } from "./messages";

export interface HumanCardProps {
  question: Question;
  session: string;
  /** Without it nobody can answer here. */
  onAnswer?: ((request: Waiting, action: string) => void) | undefined;
}

/** A run asks a person, in the chat. */
export function HumanCard({ question, session, onAnswer }: HumanCardProps) {
  const { request: stored, chosen, isSuperseded } = question;
  // The message does not keep how long an answer may take.
  const known = useWaiting((state) => state.requests[stored.id]);
  const fate = useWaiting((state) => state.fates[stored.id]);
  const isOpen = chosen === undefined && !isSuperseded && fate?.kind !== "answered" && fate?.kind !== "over";
  return (
    <section
      data-testid="human-input-card"
      data-open={isOpen}
      aria-label={t.aDecisionIsWanted}
      className={`mb-2 grid gap-2 rounded-xl border p-3 ${isOpen ? "border-warn/60 bg-warn-soft" : "border-line bg-sunken/60"}`}
    >
      <p className="flex items-center gap-1.5 text-[13px] font-semibold">
        <UserCheck size={15} aria-hidden="true" className={isOpen ? "text-warn" : "text-ink-soft"} />
        {isOpen ? t.aDecisionIsWanted : t.aDecision}
      </p>
      <Decision
        request={known ?? stored}
        fate={fate}
        chosen={chosen}
        isSuperseded={isSuperseded}
        onChoose={onAnswer && ((action) => onAnswer(known ?? { ...stored, session, since: Date.now() }, action))}
      />
    </section>
  );
}
