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
import { t } from "./messages";
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
        title: chosen.length === 1 ? t.deleteText2(chosen[0]?.name) : t.deleteVariables(chosen.length),
        text: t.fieldsThatUseThemWill(chosen.map((variable) => `• ${variable.name}`).join("\n")),
        yes: t.deleteText,
      },
      run: async () => {
        for (const variable of chosen) await api(`/api/v1/variables/${variable.id}`, { method: "DELETE" });
      },
      done: chosen.length === 1 ? t.variableDeleted : t.variablesDeleted(chosen.length),
      stale: [variablesQuery.queryKey],
    });
    if (done) selection.clear();
  };

  return (
    <div className="grid gap-4">
      <p className="text-sm text-ink-soft">{t.valuesThatFlowsUseBy}</p>
      <ListToolbar
        add={{ label: t.addNew, onClick: () => setEdited("new") }}
        chosen={chosen.length}
        onDelete={() => void removeChosen()}
      />
      <Records
        label={t.globalVariables}
        loading={variables}
        rows={rows}
        keyOf={(variable) => variable.id}
        empty={t.youHaveNoVariablesYet}
        select={{ selection, nameOf: (variable) => variable.name }}
        columns={[
          {
            key: "name",
            title: t.name,
            cell: (variable) => (
              <span className="block max-w-80 truncate font-medium" title={variable.name}>
                {variable.name}
              </span>
            ),
          },
          { key: "type", title: t.type, cell: (variable) => variable.type ?? "Credential" },
          { key: "value", title: t.value, cell: (variable) => <ShownValue variable={variable} /> },
          {
            key: "fields",
            title: t.applyToFields,
            cell: (variable) => (variable.default_fields ?? []).join(", ") || "—",
          },
          {
            key: "edit",
            className: "text-right",
            title: <span className="sr-only">{t.actions}</span>,
            cell: (variable) => (
              <IconButton label={t.editServer(variable.name)} onClick={() => setEdited(variable)}>
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
  if (variable.has_value === false) return <span className="text-ink-soft">{t.empty}</span>;
  return (
    <span role="img" aria-label={t.hidden}>
      •••••
    </span>
  );
}
