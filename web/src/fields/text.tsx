import { Eye, EyeOff, Maximize2 } from "lucide-react";
import { useState } from "react";
import { useDraft } from "@/hooks/use-draft";
import { Input, TextArea } from "@/ui/form";
import { asText } from "@/util/json";
import { t } from "./messages";
import { type FieldProps, labelOf, useFieldServices } from "./types";
import { VariableChip, VariablePicker } from "./variable";

/** One line, or several where the field is a list; a global variable may stand in. */
export function TextField(props: FieldProps) {
  const { field } = props;
  if (field.list || field.is_list) return <TextList {...props} />;
  return <OneLine {...props} isSecret={false} />;
}

export function SecretField(props: FieldProps) {
  return <OneLine {...props} isSecret />;
}

function OneLine({ id, name, field, disabled, onChange, isSecret }: FieldProps & { isSecret: boolean }) {
  const draft = useDraft(asText(field.value), (value) => onChange({ value, load_from_db: false }));
  const takesVariable = "load_from_db" in field || isSecret;
  const [isShown, setIsShown] = useState(false);
  if (field.load_from_db && asText(field.value)) {
    return (
      <VariableChip
        name={asText(field.value)}
        disabled={disabled}
        onClear={() => onChange({ value: "", load_from_db: false })}
      />
    );
  }
  return (
    <div className="relative">
      <Input
        id={id}
        data-testid={`popover-anchor-input-${name}`}
        type={isSecret && !isShown ? "password" : "text"}
        autoComplete={isSecret ? "new-password" : "off"}
        disabled={disabled}
        placeholder={field.placeholder || (isSecret ? t.typeAKeyOrChoose : t.typeSomething)}
        className={isSecret ? "nodrag pr-16" : takesVariable ? "nodrag pr-9" : "nodrag"}
        value={draft.text}
        onChange={(event) => draft.change(event.target.value)}
        onBlur={draft.flush}
      />
      {isSecret && draft.text ? (
        <button
          type="button"
          aria-label={isShown ? t.hide(labelOf(name, field)) : t.show(labelOf(name, field))}
          className="nodrag absolute inset-y-0 right-8 my-auto h-7 rounded p-1.5 text-ink-soft hover:text-ink"
          onClick={() => setIsShown(!isShown)}
        >
          {isShown ? <EyeOff size={15} aria-hidden="true" /> : <Eye size={15} aria-hidden="true" />}
        </button>
      ) : null}
      {takesVariable && !disabled ? (
        <VariablePicker
          isSecret={isSecret}
          onPick={(value) => onChange({ value, load_from_db: true })}
          label={labelOf(name, field)}
        />
      ) : null}
    </div>
  );
}

function TextList({ id, name, field, disabled, onChange }: FieldProps) {
  const values = Array.isArray(field.value) ? field.value.map(asText) : field.value ? [asText(field.value)] : [""];
  const draft = useDraft(values, (value) => onChange({ value }));
  const lines = draft.text.length > 0 ? draft.text : [""];
  return (
    <div className="grid gap-1.5">
      {lines.map((line, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the lines of a list have no other identity
        <div key={index} className="flex gap-1.5">
          <Input
            id={index === 0 ? id : undefined}
            aria-label={index === 0 ? undefined : `${labelOf(name, field)} ${index + 1}`}
            data-testid={`inputlist_str_${name}_${index}`}
            disabled={disabled}
            className="nodrag"
            value={line}
            onChange={(event) => draft.change(lines.with(index, event.target.value))}
            onBlur={draft.flush}
          />
          {lines.length > 1 && !disabled ? (
            <button
              type="button"
              className="nodrag px-1.5 text-ink-soft hover:text-danger"
              aria-label={t.removeLine(index + 1)}
              onClick={() => onChange({ value: lines.toSpliced(index, 1) })}
            >
              ×
            </button>
          ) : null}
        </div>
      ))}
      {disabled ? null : (
        <button
          type="button"
          className="nodrag justify-self-start text-[13px] font-medium text-accent"
          onClick={() => onChange({ value: [...lines, ""] })}
        >
          + {asText(field.list_add_label) || t.addAnother2}
        </button>
      )}
    </div>
  );
}

export function MultilineField({ id, name, field, disabled, onChange }: FieldProps) {
  const services = useFieldServices();
  const draft = useDraft(asText(field.value), (value) => onChange({ value, load_from_db: false }));
  const takesVariable = "load_from_db" in field;
  if (field.load_from_db && asText(field.value)) {
    return (
      <VariableChip
        name={asText(field.value)}
        disabled={disabled}
        onClear={() => onChange({ value: "", load_from_db: false })}
      />
    );
  }
  return (
    <div className="relative">
      <TextArea
        id={id}
        data-testid={`textarea_str_${name}`}
        disabled={disabled}
        rows={2}
        placeholder={field.placeholder || t.typeSomething}
        className={`nodrag nowheel !min-h-9 resize-y ${takesVariable ? "pr-16" : "pr-9"}`}
        value={draft.text}
        onChange={(event) => draft.change(event.target.value)}
        onBlur={draft.flush}
      />
      <button
        type="button"
        disabled={disabled}
        data-testid={`button_open_text_area_modal_textarea_str_${name}`}
        aria-label={t.editInALargeBox(labelOf(name, field))}
        title={t.largeBox}
        className="nodrag absolute right-1.5 top-1.5 rounded p-1 text-ink-soft hover:text-ink disabled:opacity-40"
        onClick={() =>
          services.editText({
            title: labelOf(name, field),
            value: draft.text,
            language: "text",
            save: (value) => onChange({ value, load_from_db: false }),
          })
        }
      >
        <Maximize2 size={14} aria-hidden="true" />
      </button>
      {takesVariable && !disabled ? (
        <VariablePicker
          isSecret={field.password === true}
          className="right-7 top-1.5 p-1"
          onPick={(value) => onChange({ value, load_from_db: true })}
          label={labelOf(name, field)}
        />
      ) : null}
    </div>
  );
}
