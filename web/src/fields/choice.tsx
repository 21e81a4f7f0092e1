import { ChevronDown, ChevronUp, RefreshCw, X } from "lucide-react";
import { Input, inputLook, Select } from "@/ui/form";
import { cn } from "@/util/cn";
import { asText, isRecord } from "@/util/json";
import { t } from "./messages";
import { type FieldProps, labelOf, useFieldServices } from "./types";

/** Options are texts, or objects with a name. */
function optionNames(field: FieldProps["field"]): string[] {
  return (field.options ?? []).map((option) =>
    isRecord(option) ? asText(option.name ?? option.value) : asText(option),
  );
}

export function RefreshButton({ nodeId, name, field }: Pick<FieldProps, "nodeId" | "name" | "field">) {
  const services = useFieldServices();
  return (
    <button
      type="button"
      aria-label={t.refresh(labelOf(name, field))}
      title={t.refreshTheChoices}
      className="nodrag rounded-lg border border-line p-2 text-ink-soft hover:text-ink"
      onClick={() => services.refresh(nodeId, name, field.value)}
    >
      <RefreshCw size={14} aria-hidden="true" />
    </button>
  );
}

export function DropdownField({ id, nodeId, name, field, disabled, onChange }: FieldProps) {
  const options = optionNames(field);
  const value = asText(field.value);
  const isFree = field.combobox === true;
  return (
    <div className="flex gap-1.5">
      {isFree ? (
        <>
          <Input
            id={id}
            list={`${id}-options`}
            data-testid={`dropdown_str_${name}`}
            disabled={disabled}
            className="nodrag"
            value={value}
            onChange={(event) => onChange({ value: event.target.value })}
          />
          <datalist id={`${id}-options`}>
            {options.map((option) => (
              <option key={option} value={option} />
            ))}
          </datalist>
        </>
      ) : (
        <Select
          id={id}
          data-testid={`dropdown_str_${name}`}
          disabled={disabled}
          className="nodrag"
          value={value}
          onChange={(event) => onChange({ value: event.target.value })}
        >
          {value && !options.includes(value) ? <option value={value}>{value}</option> : null}
          {value ? null : <option value="">{field.placeholder || t.choose}</option>}
          {options.map((option) => (
            <option key={option} value={option}>
              {option}
            </option>
          ))}
        </Select>
      )}
      {field.refresh_button && !disabled ? <RefreshButton nodeId={nodeId} name={name} field={field} /> : null}
    </div>
  );
}

export function TabField({ name, field, disabled, onChange }: FieldProps) {
  const options = optionNames(field);
  return (
    <div role="tablist" aria-label={labelOf(name, field)} className="flex rounded-lg bg-sunken p-0.5">
      {options.map((option, index) => (
        <button
          key={option}
          type="button"
          role="tab"
          aria-selected={field.value === option}
          data-testid={`tab_${index}_${option.toLowerCase()}`}
          disabled={disabled}
          onClick={() => onChange({ value: option })}
          className={cn(
            "nodrag flex-1 rounded-md px-2 py-1 text-[13px]",
            field.value === option && "bg-surface font-medium shadow-sm",
          )}
        >
          {option}
        </button>
      ))}
    </div>
  );
}

export function MultiselectField({ id, name, field, disabled, onChange }: FieldProps) {
  const options = optionNames(field);
  const chosen = Array.isArray(field.value) ? field.value.map(asText) : field.value ? [asText(field.value)] : [];
  const rest = options.filter((option) => !chosen.includes(option));
  return (
    <div className="grid gap-1.5">
      <Select
        id={id}
        data-testid={`multiselect_str_${name}`}
        disabled={disabled || rest.length === 0}
        className="nodrag"
        value=""
        onChange={(event) => (event.target.value ? onChange({ value: [...chosen, event.target.value] }) : undefined)}
      >
        <option value="">{chosen.length > 0 ? t.addAnother : t.choose}</option>
        {rest.map((option) => (
          <option key={option}>{option}</option>
        ))}
      </Select>
      <Chips
        names={chosen}
        disabled={disabled}
        onRemove={(gone) => onChange({ value: chosen.filter((option) => option !== gone) })}
      />
    </div>
  );
}

function Chips({
  names,
  disabled,
  onRemove,
}: {
  names: string[];
  disabled: boolean;
  onRemove: (name: string) => void;
}) {
  if (names.length === 0) return null;
  return (
    <ul className="flex flex-wrap gap-1">
      {names.map((name) => (
        <li key={name} className="flex items-center gap-1 rounded-full bg-accent-soft px-2 py-0.5 text-xs text-accent">
          {name}
          {disabled ? null : (
            <button type="button" className="nodrag" aria-label={t.remove(name)} onClick={() => onRemove(name)}>
              <X size={12} aria-hidden="true" />
            </button>
          )}
        </li>
      ))}
    </ul>
  );
}

/** An ordered choice of objects; with a limit of one, a plain choice. */
export function SortableField({ id, name, field, disabled, onChange }: FieldProps) {
  const options = (field.options ?? []).filter(isRecord);
  const chosen = Array.isArray(field.value) ? field.value.filter(isRecord) : [];
  const nameOf = (option: Record<string, unknown>) => asText(option.name);
  const find = (wanted: string) => options.find((option) => nameOf(option) === wanted);
  if (field.limit === 1) {
    const current = chosen[0] ? nameOf(chosen[0]) : "";
    return (
      <Select
        id={id}
        data-testid={`dropdown_str_${name}`}
        disabled={disabled}
        className="nodrag"
        value={current}
        onChange={(event) => {
          const option = find(event.target.value);
          onChange({ value: option ? [option] : [] });
        }}
      >
        <option value="">{field.placeholder || t.choose}</option>
        {current && !find(current) ? <option>{current}</option> : null}
        {options.map((option) => (
          <option key={nameOf(option)}>{nameOf(option)}</option>
        ))}
      </Select>
    );
  }
  const rest = options.filter((option) => !chosen.some((other) => nameOf(other) === nameOf(option)));
  const move = (from: number, to: number) => {
    const item = chosen[from];
    if (item) onChange({ value: chosen.toSpliced(from, 1).toSpliced(to, 0, item) });
  };
  return (
    <div className="grid gap-1.5">
      {chosen.map((option, index) => (
        <div key={nameOf(option)} className={cn(inputLook, "flex h-9 items-center gap-1")}>
          <span className="flex-1 truncate">{nameOf(option)}</span>
          <button
            type="button"
            className="nodrag"
            aria-label={t.moveUp(nameOf(option))}
            disabled={disabled || index === 0}
            onClick={() => move(index, index - 1)}
          >
            <ChevronUp size={14} aria-hidden="true" />
          </button>
          <button
            type="button"
            className="nodrag"
            aria-label={t.moveDown(nameOf(option))}
            disabled={disabled || index === chosen.length - 1}
            onClick={() => move(index, index + 1)}
          >
            <ChevronDown size={14} aria-hidden="true" />
          </button>
          <button
            type="button"
            className="nodrag"
            aria-label={t.remove(nameOf(option))}
            disabled={disabled}
            onClick={() => onChange({ value: chosen.toSpliced(index, 1) })}
          >
            <X size={14} aria-hidden="true" />
          </button>
        </div>
      ))}
      {rest.length > 0 ? (
        <Select
          id={id}
          disabled={disabled}
          className="nodrag"
          value=""
          onChange={(event) => {
            const option = find(event.target.value);
            if (option) onChange({ value: [...chosen, option] });
          }}
        >
          <option value="">{field.placeholder || t.choose}</option>
          {rest.map((option) => (
            <option key={nameOf(option)}>{nameOf(option)}</option>
          ))}
        </Select>
      ) : null}
    </div>
  );
}

const OTHER = "connect_other_models";
const CONFIGURE = "__configure__";

export function ModelField({ id, nodeId, name, field, disabled, onChange }: FieldProps) {
  const services = useFieldServices();
  const first = Array.isArray(field.value) ? field.value[0] : field.value;
  const current = isRecord(first) ? asText(first.name) : asText(first);
  const provider = isRecord(first) ? asText(first.provider) : "";
  const own = (field.options ?? [])
    .filter(isRecord)
    .map((option) => ({ ...option, name: asText(option.name), provider: asText(option.provider) }));
  const choices = own.length > 0 ? own : services.models(field.model_type);
  const key = (choice: { name: string; provider: string }) => `${choice.provider}::${choice.name}`;
  const groups = new Map<string, typeof choices>();
  for (const choice of choices) {
    const provider = choice.provider || t.models;
    groups.set(provider, [...(groups.get(provider) ?? []), choice]);
  }
  const value = current === OTHER ? OTHER : current ? key({ name: current, provider }) : "";
  const isListed = choices.some((choice) => key(choice) === value);
  const pick = (picked: string) => {
    if (picked === CONFIGURE) return services.configureModels();
    if (picked === OTHER) return onChange({ value: OTHER });
    const choice = choices.find((candidate) => key(candidate) === picked);
    if (choice) onChange({ value: [choice] });
  };
  return (
    <div className="flex gap-1.5">
      <Select
        id={id}
        data-testid={`model_${name}`}
        disabled={disabled}
        className="nodrag"
        value={value}
        onChange={(event) => pick(event.target.value)}
      >
        {value ? null : <option value="">{field.placeholder || t.chooseAModel}</option>}
        {value && value !== OTHER && !isListed ? <option value={value}>{current}</option> : null}
        {[...groups].map(([group, models]) => (
          <optgroup key={group} label={group}>
            {models.map((model) => (
              <option key={key(model)} value={key(model)} data-testid={`${model.provider}-${model.name}-option`}>
                {model.name}
              </option>
            ))}
          </optgroup>
        ))}
        <option value={OTHER}>{t.connectAnotherModel}</option>
        <option value={CONFIGURE}>{t.setUpModelProviders}</option>
      </Select>
      {field.refresh_button && !disabled ? <RefreshButton nodeId={nodeId} name={name} field={field} /> : null}
    </div>
  );
}

export function McpField({ id, name, field, disabled, onChange }: FieldProps) {
  const { mcpServers } = useFieldServices();
  const current = isRecord(field.value) ? asText(field.value.name) : "";
  return (
    <Select
      id={id}
      data-testid={`mcp-server-dropdown-${name}`}
      disabled={disabled}
      className="nodrag"
      value={current}
      onChange={(event) => onChange({ value: event.target.value ? { name: event.target.value, config: {} } : {} })}
    >
      <option value="">{mcpServers.length > 0 ? t.chooseAServer : t.noServersAddOneIn}</option>
      {current && !mcpServers.includes(current) ? <option>{current}</option> : null}
      {mcpServers.map((server) => (
        <option key={server}>{server}</option>
      ))}
    </Select>
  );
}
