import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Pencil, Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import { api, describe } from "@/api/client";
import { variablesQuery } from "@/api/queries";
import type { Variable } from "@/api/types";
import { confirm } from "@/stores/confirm";
import { toast } from "@/stores/toast";
import { Button, IconButton } from "@/ui/button";
import { Failed, Skeleton } from "@/ui/skeleton";
import { Table } from "@/ui/table";
import { Tick } from "@/ui/tick";
import { useSelection } from "./use-selection";
import { VariableDialog } from "./variable-dialog";

export default function Variables() {
  const variables = useQuery(variablesQuery);
  const queries = useQueryClient();
  const selection = useSelection();
  const [edited, setEdited] = useState<Variable | "new">();
  const rows = variables.data ?? [];
  const chosen = rows.filter((variable) => selection.has(variable.id));

  const remove = async () => {
    const yes = await confirm({
      title: chosen.length === 1 ? `Delete “${chosen[0]?.name}”?` : `Delete ${chosen.length} variables?`,
      text: `${chosen.map((variable) => `• ${variable.name}`).join("\n")}\n\nFields that use them will be empty at the next run.`,
      yes: "Delete",
      danger: true,
    });
    if (!yes) return;
    try {
      for (const variable of chosen) await api(`/api/v1/variables/${variable.id}`, { method: "DELETE" });
      toast.ok(chosen.length === 1 ? "Variable deleted." : `${chosen.length} variables deleted.`);
      selection.clear();
    } catch (error) {
      toast.error(describe(error));
    }
    await queries.invalidateQueries({ queryKey: ["variables"] });
  };

  return (
    <div className="grid gap-4">
      <p className="text-sm text-ink-soft">
        Values that flows use by name. A Credential is stored encrypted and never shown again; a Generic value can be
        read here.
      </p>
      <div className="flex flex-wrap gap-2">
        <Button look="primary" data-testid="api-key-button-store" onClick={() => setEdited("new")}>
          <Plus size={16} aria-hidden="true" /> Add New
        </Button>
        <Button
          look="danger"
          data-testid="delete-row-button"
          disabled={chosen.length === 0}
          onClick={() => void remove()}
        >
          <Trash2 size={15} aria-hidden="true" /> Delete{chosen.length > 0 ? ` ${chosen.length}` : ""}
        </Button>
      </div>
      {variables.isPending ? <Skeleton rows={3} label="Loading variables" /> : null}
      {variables.isError ? <Failed text={describe(variables.error)} retry={() => void variables.refetch()} /> : null}
      {variables.data && rows.length === 0 ? (
        <p className="rounded-xl border border-dashed border-line py-10 text-center text-ink-soft">
          You have no variables yet.
        </p>
      ) : null}
      {rows.length > 0 ? (
        <Table
          label="Global variables"
          rows={rows}
          keyOf={(variable) => variable.id}
          columns={[
            {
              key: "select",
              title: (
                <Tick
                  label="Select all"
                  checked={chosen.length === rows.length}
                  onChange={() => selection.toggleAll(rows.map((row) => row.id))}
                />
              ),
              cell: (variable) => (
                <Tick
                  label={`Select ${variable.name}`}
                  checked={selection.has(variable.id)}
                  onChange={() => selection.toggle(variable.id)}
                />
              ),
            },
            { key: "name", title: "Name", cell: (variable) => <span className="font-medium">{variable.name}</span> },
            { key: "type", title: "Type", cell: (variable) => variable.type ?? "Credential" },
            { key: "value", title: "Value", cell: (variable) => <ShownValue variable={variable} /> },
            {
              key: "fields",
              title: "Apply to fields",
              cell: (variable) => (variable.default_fields ?? []).join(", ") || "—",
            },
            {
              key: "edit",
              title: <span className="sr-only">Actions</span>,
              cell: (variable) => (
                <IconButton label={`Edit ${variable.name}`} onClick={() => setEdited(variable)}>
                  <Pencil size={15} aria-hidden="true" />
                </IconButton>
              ),
            },
          ]}
        />
      ) : null}
      {edited ? (
        <VariableDialog variable={edited === "new" ? undefined : edited} onClose={() => setEdited(undefined)} />
      ) : null}
    </div>
  );
}

function ShownValue({ variable }: { variable: Variable }) {
  if (variable.type === "Generic") return <span className="block max-w-64 truncate">{variable.value}</span>;
  if (variable.has_value === false) return <span className="text-ink-soft">empty</span>;
  return (
    <span role="img" aria-label="hidden">
      •••••
    </span>
  );
}
