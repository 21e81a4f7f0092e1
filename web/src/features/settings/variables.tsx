import { useQuery } from "@tanstack/react-query";
import { Pencil } from "lucide-react";
import { useState } from "react";
import { api } from "@/api/client";
import { variablesQuery } from "@/api/queries";
import type { Variable } from "@/api/types";
import { useRemove } from "@/hooks/use-remove";
import { useSelection } from "@/hooks/use-selection";
import { IconButton } from "@/ui/button";
import { Records } from "@/ui/records";
import { ListToolbar } from "./toolbar";
import { VariableDialog } from "./variable-dialog";

export default function Variables() {
  const variables = useQuery(variablesQuery);
  const selection = useSelection();
  const remove = useRemove();
  const [edited, setEdited] = useState<Variable | "new">();
  const rows = variables.data ?? [];
  const chosen = rows.filter((variable) => selection.has(variable.id));

  const removeChosen = async () => {
    const done = await remove({
      question: {
        title: chosen.length === 1 ? `Delete “${chosen[0]?.name}”?` : `Delete ${chosen.length} variables?`,
        text: `${chosen.map((variable) => `• ${variable.name}`).join("\n")}\n\nFields that use them will be empty at the next run.`,
        yes: "Delete",
      },
      run: async () => {
        for (const variable of chosen) await api(`/api/v1/variables/${variable.id}`, { method: "DELETE" });
      },
      done: chosen.length === 1 ? "Variable deleted." : `${chosen.length} variables deleted.`,
      stale: [variablesQuery.queryKey],
    });
    if (done) selection.clear();
  };

  return (
    <div className="grid gap-4">
      <p className="text-sm text-ink-soft">
        Values that flows use by name. A Credential is stored encrypted and never shown again; a Generic value can be
        read here.
      </p>
      <ListToolbar
        add={{ label: "Add New", onClick: () => setEdited("new") }}
        chosen={chosen.length}
        onDelete={() => void removeChosen()}
      />
      <Records
        label="Global variables"
        loading={variables}
        rows={rows}
        keyOf={(variable) => variable.id}
        empty="You have no variables yet."
        select={{ selection, nameOf: (variable) => variable.name }}
        columns={[
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
