import { Globe, X } from "lucide-react";
import { Popover } from "radix-ui";
import { useState } from "react";
import { Input } from "@/ui/form";
import { cn } from "@/util/cn";
import { t } from "./messages";
import { useFieldServices } from "./types";

export interface VariableChipProps {
  name: string;
  disabled: boolean;
  onClear: () => void;
}

/** A global variable in the place of a typed value. */
export function VariableChip({ name, disabled, onClear }: VariableChipProps) {
  const { variables } = useFieldServices();
  const isKnown = variables.length === 0 || variables.some((variable) => variable.name === name);
  return (
    <span
      className={cn(
        "flex h-9 items-center gap-2 rounded-lg border px-2.5 text-sm",
        isKnown ? "border-ok/40 bg-ok-soft text-ok" : "border-warn/40 bg-warn-soft text-warn",
      )}
    >
      <Globe size={14} aria-hidden="true" />
      <span className="min-w-0 flex-1 truncate font-medium" title={isKnown ? name : t.youHaveNoVariableOf(name)}>
        {name}
      </span>
      {disabled ? null : (
        <button type="button" className="nodrag" aria-label={t.doNotUseTheVariable(name)} onClick={onClear}>
          <X size={14} aria-hidden="true" />
        </button>
      )}
    </span>
  );
}

export interface VariablePickerProps {
  isSecret: boolean;
  label: string;
  onPick: (name: string) => void;
  className?: string;
}

export function VariablePicker({ isSecret, label, onPick, className }: VariablePickerProps) {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <Popover.Root open={isOpen} onOpenChange={setIsOpen}>
      <Popover.Trigger asChild>
        <button
          type="button"
          aria-label={t.useAGlobalVariableFor(label)}
          title={t.useAGlobalVariable}
          className={cn(
            "nodrag absolute rounded text-ink-soft hover:text-ink",
            className ?? "inset-y-0 right-1 my-auto h-7 p-1.5",
          )}
        >
          <Globe size={15} aria-hidden="true" />
        </button>
      </Popover.Trigger>
      {isOpen ? (
        <VariableList
          isSecret={isSecret}
          onPick={(name) => {
            setIsOpen(false);
            onPick(name);
          }}
          onClose={() => setIsOpen(false)}
        />
      ) : null}
    </Popover.Root>
  );
}

function VariableList({
  isSecret,
  onPick,
  onClose,
}: {
  isSecret: boolean;
  onPick: (name: string) => void;
  onClose: () => void;
}) {
  const { variables, addVariable } = useFieldServices();
  const [search, setSearch] = useState("");
  const found = variables.filter((variable) => variable.name.toLowerCase().includes(search.toLowerCase()));
  return (
    <Popover.Portal>
      <Popover.Content
        align="end"
        sideOffset={4}
        className="nowheel z-50 w-64 rounded-lg border border-line bg-surface p-2 shadow-card"
      >
        <Input
          aria-label={t.searchVariables}
          placeholder={t.search}
          value={search}
          onChange={(event) => setSearch(event.target.value)}
        />
        <ul className="mt-2 max-h-52 overflow-y-auto">
          {found.map((variable) => {
            const isRefused = variable.isSecret && !isSecret;
            return (
              <li key={variable.name}>
                <button
                  type="button"
                  data-testid={`option-${variable.name}`}
                  disabled={isRefused}
                  title={isRefused ? t.aCredentialMayOnlyBe : undefined}
                  onClick={() => onPick(variable.name)}
                  className="w-full truncate rounded-md px-2 py-1.5 text-left text-sm hover:bg-sunken disabled:opacity-50"
                >
                  {variable.name}
                </button>
              </li>
            );
          })}
          {found.length === 0 ? <li className="px-2 py-1.5 text-sm text-ink-soft">{t.noVariableFound}</li> : null}
        </ul>
        <button
          type="button"
          className="mt-1 w-full rounded-md px-2 py-1.5 text-left text-sm font-medium text-accent hover:bg-sunken"
          onClick={() => {
            onClose();
            addVariable(isSecret ? "Credential" : "Generic", onPick);
          }}
        >
          {t.addNewVariable}
        </button>
      </Popover.Content>
    </Popover.Portal>
  );
}
