import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { deleteKeys, type ScopeText, scopeNames, shortKey } from "@/api/keys";
import { headersQuery, keysQuery } from "@/api/queries";
import type { ApiKey } from "@/api/types";
import { useRemove } from "@/hooks/use-remove";
import { useSelection } from "@/hooks/use-selection";
import { Records } from "@/ui/records";
import { ago, longTime, parseTime } from "@/util/time";
import { t } from "./messages";
import { NewKeyDialog } from "./new-key-dialog";
import { ListToolbar } from "./toolbar";

const nameOf = (key: ApiKey) => key.name || t.unnamedKey;
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
        title: chosen.length === 1 ? t.deleteThisApiKey : t.deleteApiKeys(chosen.length),
        text: t.programsThatUseThemAre(names),
        yes: t.deleteText,
      },
      run: () => deleteKeys(chosen.map((key) => key.id)),
      done: chosen.length === 1 ? t.apiKeyDeleted : t.apiKeysDeleted(chosen.length),
      stale: [keysQuery.queryKey],
    });
    if (done) selection.clear();
  };

  return (
    <div className="grid gap-4">
      <p className="text-sm text-ink-soft">{t.aKeyLetsProgramsUse}</p>
      <ListToolbar
        add={{ label: t.addNew, onClick: () => setIsNew(true) }}
        chosen={chosen.length}
        onDelete={() => void removeChosen()}
      />
      <Records
        label={t.apiKeys}
        loading={keys}
        rows={rows}
        keyOf={(key) => key.id}
        empty={t.youHaveNoApiKeys}
        select={{ selection, nameOf }}
        columns={[
          { key: "name", title: t.name, cell: (key) => <span className="font-medium">{nameOf(key)}</span> },
          {
            key: "key",
            title: t.key,
            cell: (key) => <code className="whitespace-nowrap font-mono text-[13px]">{shortKey(key)}</code>,
          },
          { key: "scopes", title: t.mayDo, cell: (key) => <Scopes scopes={key.scopes ?? undefined} /> },
          {
            key: "created",
            title: t.created,
            className: "whitespace-nowrap",
            cell: (key) => <span title={longTime(key.created_at)}>{ago(key.created_at)}</span>,
          },
          {
            key: "used",
            title: t.lastUsed,
            className: "whitespace-nowrap",
            cell: (key) => <span title={longTime(key.last_used_at)}>{ago(key.last_used_at)}</span>,
          },
          {
            key: "expires",
            title: t.expires,
            cell: (key) => (
              <span className={isExpired(key) ? "text-danger" : ""} title={longTime(key.expires_at)}>
                {isExpired(key) ? t.expired(ago(key.expires_at)) : ago(key.expires_at)}
              </span>
            ),
          },
          { key: "uses", title: t.totalUses, cell: (key) => key.total_uses, className: "tabular-nums" },
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
  if (!scopes) return <span className="text-ink-soft">{t.everything}</span>;
  const words = scopes.map((scope) => {
    if (scope in scopeNames) return scopeNames[scope as ScopeText];
    const id = scope.replace(/^run:/, "");
    return t.run(flows?.find((flow) => flow.id === id)?.name ?? id);
  });
  return <span className="block min-w-32 max-w-56">{words.join(", ")}</span>;
}
