import { useState } from "react";
import { promptVariables } from "@/flow/prompt";
import { Button } from "@/ui/button";
import { Input } from "@/ui/form";
import { asText, isRecord } from "@/util/json";
import { t } from "./messages";
import { type FieldProps, labelOf, useFieldServices } from "./types";

type Pair = { key: string; value: string };

/** Key-value pairs: an object, or a list of objects or pairs. */
function readPairs(value: unknown): Pair[] {
  const entries = Array.isArray(value) ? value.filter(isRecord) : isRecord(value) ? [value] : [];
  return entries.flatMap((entry) => {
    if (typeof entry.key === "string" && "value" in entry) return [{ key: entry.key, value: asText(entry.value) }];
    return Object.entries(entry).map(([key, item]) => ({ key, value: asText(item) }));
  });
}

export function DictField({ id, name, field, disabled, onChange }: FieldProps) {
  const [extra, setExtra] = useState(0);
  const pairs = readPairs(field.value);
  const rows = [
    ...pairs,
    ...Array.from({ length: Math.max(extra, pairs.length === 0 ? 1 : 0) }, () => ({ key: "", value: "" })),
  ];
  const put = (next: Pair[]) => {
    const filled = next.filter((pair) => pair.key !== "" || pair.value !== "");
    setExtra(next.length - filled.length);
    onChange({
      value: field.list
        ? filled.map(({ key, value }) => ({ key, value }))
        : Object.fromEntries(filled.map(({ key, value }) => [key, value])),
    });
  };
  return (
    <div className="grid gap-1.5">
      {rows.map((pair, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a pair whose key is being typed has no other identity
        <div key={index} className="flex gap-1.5">
          <Input
            id={index === 0 ? id : undefined}
            aria-label={t.keyOf(index + 1, labelOf(name, field))}
            data-testid={`keypair${index}`}
            placeholder={t.key}
            disabled={disabled}
            className="nodrag"
            value={pair.key}
            onChange={(event) => put(rows.with(index, { ...pair, key: event.target.value }))}
          />
          <Input
            aria-label={t.valueOf(index + 1, labelOf(name, field))}
            placeholder={t.value}
            disabled={disabled}
            className="nodrag"
            value={pair.value}
            onChange={(event) => put(rows.with(index, { ...pair, value: event.target.value }))}
          />
          {disabled || rows.length < 2 ? null : (
            <button
              type="button"
              className="nodrag px-1 text-ink-soft hover:text-danger"
              aria-label={t.removePair(index + 1)}
              onClick={() => put(rows.toSpliced(index, 1))}
            >
              ×
            </button>
          )}
        </div>
      ))}
      {disabled ? null : (
        <button
          type="button"
          className="nodrag justify-self-start text-[13px] font-medium text-accent"
          onClick={() => setExtra(extra + 1)}
        >
          {t.addAPair}
        </button>
      )}
    </div>
  );
}

/** Anything that is edited as JSON, also kinds that nobody here knows. */
export function JsonField({ name, field, disabled, onChange }: FieldProps) {
  const services = useFieldServices();
  const text = typeof field.value === "string" ? field.value : JSON.stringify(field.value ?? null, null, 2);
  return (
    <Button
      size="sm"
      disabled={disabled}
      className="nodrag w-full justify-start font-mono text-xs"
      aria-label={t.editAsJson(labelOf(name, field))}
      onClick={() =>
        services.editText({
          title: labelOf(name, field),
          value: text,
          language: "json",
          save: (next) => {
            if (!next.trim()) return onChange({ value: {} });
            try {
              onChange({ value: JSON.parse(next) });
            } catch (error) {
              throw new Error(t.thisIsNotJson(error instanceof Error ? error.message : t.itCannotBeRead));
            }
          },
        })
      }
    >
      <span className="truncate">{text || "{}"}</span>
    </Button>
  );
}

export function CodeField({ name, field, disabled, onChange }: FieldProps) {
  const services = useFieldServices();
  return (
    <Button
      size="sm"
      disabled={disabled}
      className="nodrag w-full"
      onClick={() =>
        services.editText({
          title: labelOf(name, field),
          value: asText(field.value),
          language: "python",
          save: (value) => onChange({ value }),
        })
      }
    >
      {t.editCode}
    </Button>
  );
}

export function VariableChips({ names }: { names: string[] }) {
  if (names.length === 0) return null;
  return (
    <ul aria-label={t.variables} className="flex flex-wrap gap-1">
      {names.map((name) => (
        <li key={name} className="rounded-full bg-ok-soft px-2 py-0.5 text-xs text-ok">
          {name}
        </li>
      ))}
    </ul>
  );
}

export function PromptField({ id, nodeId, name, field, disabled, onChange }: FieldProps) {
  const services = useFieldServices();
  const text = asText(field.value);
  const isMustache = field.type === "mustache";
  const variables = promptVariables(text, isMustache);
  return (
    <div className="grid gap-1.5">
      <button
        type="button"
        id={id}
        disabled={disabled}
        data-testid={`promptarea_prompt_${name}`}
        className="nodrag line-clamp-4 min-h-9 w-full whitespace-pre-wrap rounded-lg border border-line bg-surface px-2.5 py-2 text-left text-sm hover:border-line-strong disabled:bg-sunken"
        onClick={() =>
          services.editText({
            title: labelOf(name, field),
            value: text,
            language: "prompt",
            isMustache,
            save: (value) => {
              onChange({ value });
              services.promptChanged(nodeId, name, value);
            },
          })
        }
      >
        {text || <span className="text-ink-soft">{t.writeThePromptNameMakes}</span>}
      </button>
      <VariableChips names={variables} />
    </div>
  );
}

export function DisplayField({ field }: FieldProps) {
  const text = typeof field.value === "string" ? field.value : JSON.stringify(field.value ?? "", null, 2);
  return <pre className="nowheel max-h-40 overflow-auto rounded-lg bg-sunken p-2 text-xs">{text}</pre>;
}

/** Only a link that leads to a web page; never a script. */
export function LinkField({ field }: FieldProps) {
  const address = asText(field.value);
  if (!/^https?:\/\//.test(address)) return <span className="text-sm text-ink-soft">{t.noLink}</span>;
  return (
    <a href={address} target="_blank" rel="noreferrer" className="text-sm text-accent underline">
      {asText(field.text) || address}
    </a>
  );
}

/** A connection to another service by its name; those that the component knows are offered. */
export function ConnectionField({ id, name, field, disabled, onChange }: FieldProps) {
  const known = (field.options ?? []).map((option) => (isRecord(option) ? asText(option.name) : asText(option)));
  const hint = asText(field.auth_tooltip ?? field.tooltip);
  return (
    <div className="grid gap-1">
      <Input
        id={id}
        list={known.length > 0 ? `${id}-options` : undefined}
        data-testid={`connection_${name}`}
        disabled={disabled}
        className="nodrag"
        placeholder={t.nameOfAConnection}
        value={asText(field.value)}
        onChange={(event) => onChange({ value: event.target.value })}
      />
      {known.length > 0 ? (
        <datalist id={`${id}-options`}>
          {known.map((option) => (
            <option key={option} value={option} />
          ))}
        </datalist>
      ) : null}
      {hint ? <p className="text-xs text-ink-soft">{hint}</p> : null}
    </div>
  );
}

/** Fed by an edge alone. */
export function HandleField(_: FieldProps) {
  return null;
}
