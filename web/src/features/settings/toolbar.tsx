import { Plus, Trash2 } from "lucide-react";
import { Button } from "@/ui/button";
import { t } from "./messages";

export interface ListToolbarProps {
  add?: { label: string; onClick: () => void };
  /** How many rows are chosen. */
  chosen: number;
  onDelete: () => void;
}

/** Above a list: add one, delete the chosen. */
export function ListToolbar({ add, chosen, onDelete }: ListToolbarProps) {
  return (
    <div className="flex flex-wrap gap-2">
      {add ? (
        <Button look="primary" data-testid="api-key-button-store" onClick={add.onClick}>
          <Plus size={16} aria-hidden="true" /> {add.label}
        </Button>
      ) : null}
      <Button look="danger" data-testid="delete-row-button" disabled={chosen === 0} onClick={onDelete}>
        <Trash2 size={15} aria-hidden="true" /> {t.deleteText}
        {chosen > 0 ? ` ${chosen}` : ""}
      </Button>
    </div>
  );
}
