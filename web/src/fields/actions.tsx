import { Plus, X } from "lucide-react";
import { useRef, useState } from "react";
import { Input } from "@/ui/form";
import { asText, isRecord } from "@/util/json";
import { t } from "./messages";
import { type FieldProps, labelOf } from "./types";

/** Choices that people know from elsewhere, where the component names none. */
const usual = [t.approve, t.reject, t.escalate, t.requestChanges];

/** The server makes outputs of choices: two that differ in case or blanks alone would be one. */
const outputOf = (choice: string) => choice.trim().toLowerCase().replaceAll(" ", "_");

/** What a person may choose from, in order: usual choices by a click, others by their names. */
export function ActionsField({ id, name, field, disabled, onChange }: FieldProps) {
  const [text, setText] = useState("");
  const [problem, setProblem] = useState("");
  const box = useRef<HTMLInputElement>(null);
  const label = labelOf(name, field);
  const chosen = Array.isArray(field.value) ? field.value.map(asText) : field.value ? [asText(field.value)] : [];
  const offered = (field.options ?? []).map((option) => (isRecord(option) ? asText(option.name) : asText(option)));
  const has = (choice: string) => chosen.some((other) => outputOf(other) === outputOf(choice));
  const rest = (offered.length > 0 ? offered : usual).filter((choice) => choice && !has(choice));
  const takesOthers = field.combobox !== false;

  const add = (choice: string) => {
    const wanted = choice.trim();
    if (!wanted) return;
    if (has(wanted)) {
      setProblem(t.isThereAlready(wanted));
      return;
    }
    setText("");
    setProblem("");
    onChange({ value: [...chosen, wanted] });
  };
  const remove = (gone: string) => {
    onChange({ value: chosen.filter((choice) => choice !== gone) });
    // The button that had the keyboard is gone with its choice.
    box.current?.focus();
  };

  return (
    <div className="grid gap-1.5">
      {chosen.length > 0 ? (
        <ul aria-label={label} className="flex flex-wrap gap-1">
          {chosen.map((choice) => (
            <li
              key={choice}
              data-testid={`action-${choice}`}
              className="flex max-w-full items-center gap-1 rounded-full bg-accent-soft py-0.5 pl-2.5 pr-1 text-xs text-accent"
            >
              <span className="truncate">{choice}</span>
              {disabled ? null : (
                <button
                  type="button"
                  aria-label={t.remove(choice)}
                  className="nodrag rounded-full p-0.5 hover:bg-surface"
                  onClick={() => remove(choice)}
                >
                  <X size={12} aria-hidden="true" />
                </button>
              )}
            </li>
          ))}
        </ul>
      ) : (
        <p className="text-[13px] text-ink-soft">{t.noChoices}</p>
      )}
      {disabled ? null : (
        <>
          {takesOthers ? (
            <div className="flex gap-1.5">
              <Input
                ref={box}
                id={id}
                data-testid={`actionpicker_${name}`}
                autoComplete="off"
                maxLength={80}
                className="nodrag"
                placeholder={t.nameAChoice}
                aria-invalid={problem !== ""}
                value={text}
                onChange={(event) => {
                  setText(event.target.value);
                  setProblem("");
                }}
                onKeyDown={(event) => {
                  if (event.key !== "Enter" || event.nativeEvent.isComposing) return;
                  event.preventDefault();
                  add(text);
                }}
              />
              <button
                type="button"
                aria-label={t.addTheChoice}
                title={t.addTheChoice}
                disabled={text.trim() === ""}
                className="nodrag rounded-lg border border-line p-2 text-ink-soft hover:text-ink disabled:opacity-40"
                onClick={() => add(text)}
              >
                <Plus size={14} aria-hidden="true" />
              </button>
            </div>
          ) : null}
          {problem ? (
            <p role="alert" className="text-xs text-danger">
              {problem}
            </p>
          ) : null}
          {rest.length > 0 ? (
            <div className="flex flex-wrap gap-1">
              {rest.map((choice) => (
                <button
                  key={choice}
                  type="button"
                  aria-label={t.add(choice)}
                  data-testid={`action-add-${choice}`}
                  className="nodrag flex items-center gap-1 rounded-full border border-dashed border-line-strong px-2 py-0.5 text-xs text-ink-soft hover:border-accent hover:text-accent"
                  onClick={() => add(choice)}
                >
                  <Plus size={11} aria-hidden="true" /> {choice}
                </button>
              ))}
            </div>
          ) : null}
        </>
      )}
    </div>
  );
}
