import { useDraft } from "@/hooks/use-draft";
import { Input, Switch } from "@/ui/form";
import { asText, isRecord } from "@/util/json";
import { t } from "./messages";
import { type FieldProps, labelOf } from "./types";

function bounds(field: FieldProps["field"]) {
  const { min, max, step } = field.range_spec ?? {};
  return { min, max, step };
}

export function NumberField({ id, name, field, disabled, onChange }: FieldProps) {
  const isInt = field.type === "int";
  const draft = useDraft(asText(field.value), (text) => {
    const number = isInt ? Number.parseInt(text, 10) : Number.parseFloat(text);
    onChange({ value: Number.isFinite(number) ? number : "" });
  });
  const { min, max, step } = bounds(field);
  return (
    <Input
      id={id}
      data-testid={`${isInt ? "int_int" : "float_float"}_${name}`}
      type="number"
      inputMode={isInt ? "numeric" : "decimal"}
      min={min}
      max={max}
      step={step ?? (isInt ? 1 : "any")}
      disabled={disabled}
      className="nodrag nowheel"
      value={draft.text}
      onChange={(event) => draft.change(event.target.value)}
      onBlur={draft.flush}
    />
  );
}

export function SliderField({ id, name, field, disabled, onChange }: FieldProps) {
  const draft = useDraft(Number(field.value ?? 0) || 0, (value) => onChange({ value }));
  const { min = 0, max = 1, step = 0.1 } = bounds(field);
  return (
    <div>
      <div className="flex items-center gap-3">
        <input
          id={id}
          data-testid="slider_track"
          type="range"
          min={min}
          max={max}
          step={step}
          disabled={disabled}
          value={draft.text}
          onChange={(event) => draft.change(Number(event.target.value))}
          onPointerUp={draft.flush}
          onBlur={draft.flush}
          className="nodrag nowheel min-w-0 flex-1 accent-[var(--accent)]"
        />
        <input
          type="number"
          aria-label={t.exactly(labelOf(name, field))}
          data-testid="default_slider_display_value"
          min={min}
          max={max}
          step={step}
          disabled={disabled}
          value={draft.text}
          onChange={(event) => draft.change(Number(event.target.value))}
          onBlur={draft.flush}
          className="nodrag w-16 rounded-md border border-line bg-surface px-1.5 py-1 text-right text-[13px] tabular-nums"
        />
      </div>
      {asText(field.min_label).trim() || asText(field.max_label).trim() ? (
        <div className="flex justify-between text-xs text-ink-soft">
          <span>{field.min_label}</span>
          <span>{field.max_label}</span>
        </div>
      ) : null}
    </div>
  );
}

export function BoolField({ id, name, field, disabled, onChange }: FieldProps) {
  const isOn = field.value === true || field.value === "true";
  return (
    <Switch
      id={id}
      testId={`toggle_bool_${name}`}
      label={labelOf(name, field)}
      checked={isOn}
      disabled={disabled}
      onChange={(value) => onChange({ value })}
    />
  );
}

const units = ["Minutes", "Hours", "Days"];

export function DurationField({ id, name, field, disabled, onChange }: FieldProps) {
  // A bare number is one of days.
  const stored = isRecord(field.value) ? field.value : { value: field.value };
  const value = Math.max(0, Math.trunc(Number(stored.value) || 0));
  const unit = asText(stored.unit) || "Days";
  const known = Array.isArray(field.options) && field.options.length > 0 ? field.options.map(asText) : units;
  const choices = known.includes(unit) ? known : [...known, unit];
  return (
    <div className="flex gap-2">
      <Input
        id={id}
        type="number"
        min={0}
        step={1}
        disabled={disabled}
        className="nodrag"
        value={value}
        onChange={(event) =>
          onChange({ value: { value: Math.max(0, Math.trunc(Number(event.target.value) || 0)), unit } })
        }
      />
      <select
        aria-label={t.unitOf(labelOf(name, field))}
        disabled={disabled}
        className="nodrag rounded-lg border border-line bg-surface px-2 text-sm"
        value={unit}
        onChange={(event) => onChange({ value: { value, unit: event.target.value } })}
      >
        {choices.map((choice) => (
          <option key={choice}>{choice}</option>
        ))}
      </select>
    </div>
  );
}
