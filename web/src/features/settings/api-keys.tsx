import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import { api, describe } from "@/api/client";
import { keysQuery } from "@/api/queries";
import type { ApiKey } from "@/api/types";
import { confirm } from "@/stores/confirm";
import { toast } from "@/stores/toast";
import { Button } from "@/ui/button";
import { Failed, Skeleton } from "@/ui/skeleton";
import { Table } from "@/ui/table";
import { Tick } from "@/ui/tick";
import { ago, longTime, parseTime } from "@/util/time";
import { NewKeyDialog } from "./new-key-dialog";
import { useSelection } from "./use-selection";

const nameOf = (key: ApiKey) => key.name || "Unnamed key";
const isExpired = (key: ApiKey) => (parseTime(key.expires_at)?.getTime() ?? Number.POSITIVE_INFINITY) < Date.now();

export default function ApiKeys() {
  const keys = useQuery(keysQuery);
  const queries = useQueryClient();
  const selection = useSelection();
  const [isNew, setIsNew] = useState(false);
  const rows = keys.data?.api_keys ?? [];
  const chosen = rows.filter((key) => selection.has(key.id));

  const remove = async () => {
    const names = chosen.map((key) => `• ${nameOf(key)} (${key.api_key.slice(0, 8)}…)`).join("\n");
    const yes = await confirm({
      title: chosen.length === 1 ? "Delete this API key?" : `Delete ${chosen.length} API keys?`,
      text: `${names}\n\nPrograms that use them are refused from then on.`,
      yes: "Delete",
      danger: true,
    });
    if (!yes) return;
    try {
      for (const key of chosen) await api(`/api/v1/api_key/${key.id}`, { method: "DELETE" });
      toast.ok(chosen.length === 1 ? "API key deleted." : `${chosen.length} API keys deleted.`);
      selection.clear();
    } catch (error) {
      toast.error(describe(error));
    }
    await queries.invalidateQueries({ queryKey: ["keys"] });
  };

  return (
    <div className="grid gap-4">
      <p className="text-sm text-ink-soft">
        A key lets programs use the API with your rights. It is shown once, when it is made. Do not share it, and keep
        it out of web pages.
      </p>
      <div className="flex flex-wrap gap-2">
        <Button look="primary" data-testid="api-key-button-store" onClick={() => setIsNew(true)}>
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
      {keys.isPending ? <Skeleton rows={3} label="Loading keys" /> : null}
      {keys.isError ? <Failed text={describe(keys.error)} retry={() => void keys.refetch()} /> : null}
      {keys.data && rows.length === 0 ? (
        <p className="rounded-xl border border-dashed border-line py-10 text-center text-ink-soft">
          You have no API keys yet.
        </p>
      ) : null}
      {rows.length > 0 ? (
        <Table
          label="API keys"
          rows={rows}
          keyOf={(key) => key.id}
          columns={[
            {
              key: "select",
              title: (
                <Tick
                  label="Select all"
                  checked={chosen.length === rows.length}
                  onChange={() => selection.toggleAll(rows.map((key) => key.id))}
                />
              ),
              cell: (key) => (
                <Tick
                  label={`Select ${nameOf(key)}`}
                  checked={selection.has(key.id)}
                  onChange={() => selection.toggle(key.id)}
                />
              ),
            },
            { key: "name", title: "Name", cell: (key) => <span className="font-medium">{nameOf(key)}</span> },
            {
              key: "key",
              title: "Key",
              cell: (key) => <code className="font-mono text-[13px]">{key.api_key.slice(0, 8)}…</code>,
            },
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
                  {isExpired(key) ? "expired " : ""}
                  {ago(key.expires_at)}
                </span>
              ),
            },
            { key: "uses", title: "Total uses", cell: (key) => key.total_uses, className: "tabular-nums" },
          ]}
        />
      ) : null}
      {isNew ? <NewKeyDialog onClose={() => setIsNew(false)} /> : null}
    </div>
  );
}
