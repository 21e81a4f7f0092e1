import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { X } from "lucide-react";
import { useMemo, useState } from "react";
import { api, describe } from "@/api/client";
import { catalogueQuery, variablesQuery } from "@/api/queries";
import type { Variable, VariableType } from "@/api/types";
import { fieldsOf } from "@/flow/document";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { Input, Labelled, PasswordInput } from "@/ui/form";
import { Notice } from "@/ui/notice";
import { cn } from "@/util/cn";
import { t } from "./messages";

const types: VariableType[] = ["Credential", "Generic"];

export interface VariableDialogProps {
  variable?: Variable | undefined;
  /** Type to start with for a new one. */
  type?: VariableType;
  onClose: () => void;
  onSaved?: (variable: Variable) => void;
}

export function VariableDialog({ variable, type: startType = "Credential", onClose, onSaved }: VariableDialogProps) {
  const queries = useQueryClient();
  const known = useQuery(variablesQuery);
  const [type, setType] = useState<VariableType>(
    variable ? (variable.type === "Generic" ? "Generic" : "Credential") : startType,
  );
  const [name, setName] = useState(variable?.name ?? "");
  const [value, setValue] = useState(variable?.type === "Generic" ? (variable.value ?? "") : "");
  const [fields, setFields] = useState<string[]>(variable?.default_fields ?? []);
  // A taken name is refused before the server is asked: saving must never replace another secret.
  const isTaken = (known.data ?? []).some((other) => other.name === name.trim() && other.id !== variable?.id);
  const needsValue = !variable || (variable.type !== "Generic" && type === "Generic");
  const ready = name.trim() !== "" && !isTaken && (!needsValue || value !== "");
  const save = useMutation({
    mutationFn: () => {
      const body = { name: name.trim(), type, default_fields: fields, ...(value || needsValue ? { value } : {}) };
      return variable
        ? api<Variable>(`/api/v1/variables/${variable.id}`, { method: "PATCH", body: { id: variable.id, ...body } })
        : api<Variable>("/api/v1/variables/", { method: "POST", body });
    },
    onSuccess: async (saved) => {
      await queries.invalidateQueries({ queryKey: ["variables"] });
      onSaved?.(saved);
      onClose();
    },
  });
  return (
    <Dialog
      open
      onClose={onClose}
      title={variable ? t.edit(variable.name) : t.newVariable}
      footer={
        <>
          <Button onClick={onClose}>{t.cancel}</Button>
          <Button
            look="primary"
            type="submit"
            form="variable-form"
            data-testid="save-variable-btn"
            busy={save.isPending}
            disabled={!ready}
          >
            {t.saveVariable}
          </Button>
        </>
      }
    >
      <form
        id="variable-form"
        className="grid gap-4"
        autoComplete="off"
        onSubmit={(event) => {
          event.preventDefault();
          event.stopPropagation();
          if (ready) save.mutate();
        }}
      >
        {save.isError ? <Notice tone="danger">{describe(save.error)}</Notice> : null}
        <div role="tablist" aria-label={t.type} className="flex rounded-lg bg-sunken p-1">
          {types.map((option) => (
            <button
              key={option}
              type="button"
              role="tab"
              aria-selected={type === option}
              data-testid={`${option.toLowerCase()}-tab`}
              onClick={() => setType(option)}
              className={cn("flex-1 rounded-md py-1.5 text-sm", type === option && "bg-surface font-medium shadow-sm")}
            >
              {option}
            </button>
          ))}
        </div>
        <Labelled label={t.name} required id="global-variable-name" error={isTaken ? t.youHaveAVariableOf : undefined}>
          {(ids) => (
            <Input
              {...ids}
              autoFocus
              autoComplete="off"
              value={name}
              onChange={(event) => setName(event.target.value)}
            />
          )}
        </Labelled>
        <Labelled
          label={t.value}
          required={needsValue}
          hint={variable && !needsValue && type === "Credential" ? t.leaveEmptyToKeepThe : undefined}
        >
          {(ids) =>
            type === "Credential" ? (
              <PasswordInput
                {...ids}
                data-testid="popover-anchor-global-variable-value-credential"
                autoComplete="new-password"
                value={value}
                onChange={(event) => setValue(event.target.value)}
              />
            ) : (
              <Input
                {...ids}
                data-testid="global-variable-value-generic"
                value={value}
                onChange={(event) => setValue(event.target.value)}
              />
            )
          }
        </Labelled>
        <FieldPicker fields={fields} onChange={setFields} />
      </form>
    </Dialog>
  );
}

/** Names of component fields that start with this variable. */
function FieldPicker({ fields, onChange }: { fields: string[]; onChange: (fields: string[]) => void }) {
  const catalogue = useQuery(catalogueQuery);
  const [text, setText] = useState("");
  const names = useMemo(() => {
    const found = new Set<string>();
    for (const { def } of catalogue.data ?? []) {
      for (const [, field] of fieldsOf(def)) if (field.password && field.display_name) found.add(field.display_name);
    }
    return [...found].toSorted();
  }, [catalogue.data]);
  const add = (name: string) => {
    if (name.trim() && !fields.includes(name.trim())) onChange([...fields, name.trim()]);
    setText("");
  };
  return (
    <div className="grid gap-2">
      <Labelled label={t.applyToFields} hint={t.newComponentsUseTheVariable}>
        {(ids) => (
          <Input
            {...ids}
            list="variable-fields"
            data-testid="popover-anchor-apply-to-fields"
            placeholder={t.chooseAField}
            value={text}
            onChange={(event) =>
              names.includes(event.target.value) ? add(event.target.value) : setText(event.target.value)
            }
            onKeyDown={(event) => {
              if (event.key !== "Enter" || !text) return;
              event.preventDefault();
              add(text);
            }}
          />
        )}
      </Labelled>
      <datalist id="variable-fields">
        {names
          .filter((name) => !fields.includes(name))
          .map((name) => (
            <option key={name} value={name} />
          ))}
      </datalist>
      <ul className="flex flex-wrap gap-1.5">
        {fields.map((name) => (
          <li
            key={name}
            className="flex items-center gap-1 rounded-full bg-accent-soft px-2.5 py-0.5 text-[13px] text-accent"
          >
            {name}
            <button
              type="button"
              aria-label={t.remove3(name)}
              onClick={() => onChange(fields.filter((field) => field !== name))}
            >
              <X size={13} aria-hidden="true" />
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}
