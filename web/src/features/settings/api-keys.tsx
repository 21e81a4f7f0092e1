import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { deleteKeys, type ScopeText, scopeNames, shortKey } from "@/api/keys";
import { headersQuery, keysQuery } from "@/api/queries";
import type { ApiKey } from "@/api/types";
import { useRemove } from "@/hooks/use-remove";
import { useSelection } from "@/hooks/use-selection";
import { Records } from "@/ui/records";
import { ago, longTime, parseTime } from "@/util/time";
import { NewKeyDialog } from "./new-key-dialog";
import { ListToolbar } from "./toolbar";

const nameOf = (key: ApiKey) => key.name || "Unnamed key";
const isExpired = (key: ApiKey) => (parseTime(key.expires_at)?.getTime() ?? Number.POSITIVE_INFINITY) < Date.now();

export default function ApiKeys() {
  const keys = useQuery(keysQuery);
  const selection = useSelection();
  const remove = useRemove();
  const [isNew, setIsNew] = useState(false);
  const rows = keys.data?.api_keys ?? [];
  const chosen = rows.filter((key) => selection.has(key.id));

  const removeChosen = async () => {
    const names = chosen.map((key) => `• ${nameOf(key)} (${shortKey(key)})`).join("\n");
    const done = await remove({
      question: {
        title: chosen.length === 1 ? "Delete this API key?" : `Delete ${chosen.length} API keys?`,
        text: `${names}\n\nPrograms that use them are refused from then on.`,
        yes: "Delete",
      },
      run: () => deleteKeys(chosen.map((key) => key.id)),
      done: chosen.length === 1 ? "API key deleted." : `${chosen.length} API keys deleted.`,
      stale: [keysQuery.queryKey],
    });
    if (done) selection.clear();
  };

  return (
    <div className="grid gap-4">
      <p className="text-sm text-ink-soft">
        A key lets programs use the API with your rights. It is shown once, when it is made. Do not share it, and keep
        it out of web pages.
      </p>
      <ListToolbar
        add={{ label: "Add New", onClick: () => setIsNew(true) }}
        chosen={chosen.length}
        onDelete={() => void removeChosen()}
      />
      <Records
        label="API keys"
        loading={keys}
        rows={rows}
        keyOf={(key) => key.id}
        empty="You have no API keys yet."
        select={{ selection, nameOf }}
        columns={[
          { key: "name", title: "Name", cell: (key) => <span className="font-medium">{nameOf(key)}</span> },
          {
            key: "key",
            title: "Key",
            cell: (key) => <code className="font-mono text-[13px]">{shortKey(key)}</code>,
          },
          { key: "scopes", title: "May do", cell: (key) => <Scopes scopes={key.scopes ?? undefined} /> },
          {
            key: "created",
            title: "Created",
            cell: (key) => <span title={longTime(key.created_at)}>{ago(key.created_at)}</span>,
          },
          {
            key: "used",
            title: "Last used",
            cell: (key) => <span title={longTime(key.last_used_at)}>{ago(key.last_used_at)}</span>,
          },
          {
            key: "expires",
            title: "Expires",
            cell: (key) => (
              <span className={isExpired(key) ? "text-danger" : ""} title={longTime(key.expires_at)}>
                {isExpired(key) ? `expired ${ago(key.expires_at)}` : ago(key.expires_at)}
              </span>
            ),
          },
          { key: "uses", title: "Total uses", cell: (key) => key.total_uses, className: "tabular-nums" },
        ]}
      />
      {isNew ? <NewKeyDialog onClose={() => setIsNew(false)} /> : null}
    </div>
  );
}

/** What a key may do, in words; the flows of `run:<id>` by name. */
function Scopes({ scopes }: { scopes: string[] | undefined }) {
  const isOneFlow = scopes?.some((scope) => scope.startsWith("run:")) ?? false;
  const flows = useQuery({ ...headersQuery, enabled: isOneFlow }).data;
  if (!scopes) return <span className="text-ink-soft">everything</span>;
  const words = scopes.map((scope) => {
    if (scope in scopeNames) return scopeNames[scope as ScopeText];
    const id = scope.replace(/^run:/, "");
    return `Run “${flows?.find((flow) => flow.id === id)?.name ?? id}”`;
  });
  return <span className="block min-w-32 max-w-56">{words.join(", ")}</span>;
}
