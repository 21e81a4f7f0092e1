import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Trash2 } from "lucide-react";
import { api, describe } from "@/api/client";
import type { StoredMessage } from "@/api/types";
import { confirm } from "@/stores/confirm";
import { toast } from "@/stores/toast";
import { Button } from "@/ui/button";
import { Failed, Skeleton } from "@/ui/skeleton";
import { Table } from "@/ui/table";
import { Tick } from "@/ui/tick";
import { ago, longTime } from "@/util/time";
import { useSelection } from "./use-selection";

export default function Messages() {
  const queries = useQueryClient();
  const selection = useSelection();
  const messages = useQuery({
    queryKey: ["messages", "all"],
    queryFn: ({ signal }) =>
      api<StoredMessage[]>("/api/v1/monitor/messages", { query: { limit: 100, order: "DESC" }, signal }),
  });
  const rows = messages.data ?? [];
  const chosen = rows.filter((message) => selection.has(message.id));
  const remove = async () => {
    if (
      !(await confirm({
        title: `Delete ${chosen.length} messages?`,
        text: "This cannot be undone.",
        yes: "Delete",
        danger: true,
      }))
    )
      return;
    try {
      await api("/api/v1/monitor/messages", { method: "DELETE", body: chosen.map((message) => message.id) });
      selection.clear();
    } catch (error) {
      toast.error(describe(error));
    }
    await queries.invalidateQueries({ queryKey: ["messages"] });
  };
  return (
    <div className="grid gap-4">
      <p className="text-sm text-ink-soft">The latest 100 messages of all your flows.</p>
      <Button look="danger" className="justify-self-start" disabled={chosen.length === 0} onClick={() => void remove()}>
        <Trash2 size={15} aria-hidden="true" /> Delete{chosen.length > 0 ? ` ${chosen.length}` : ""}
      </Button>
      {messages.isPending ? <Skeleton rows={4} /> : null}
      {messages.isError ? <Failed text={describe(messages.error)} retry={() => void messages.refetch()} /> : null}
      {messages.data && rows.length === 0 ? <p className="py-10 text-center text-ink-soft">No messages.</p> : null}
      {rows.length > 0 ? (
        <Table
          label="Messages"
          rows={rows}
          keyOf={(message) => message.id}
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
              cell: (message) => (
                <Tick
                  label={`Select the message of ${message.sender_name}`}
                  checked={selection.has(message.id)}
                  onChange={() => selection.toggle(message.id)}
                />
              ),
            },
            {
              key: "time",
              title: "Time",
              cell: (message) => <span title={longTime(message.timestamp)}>{ago(message.timestamp)}</span>,
              className: "whitespace-nowrap",
            },
            { key: "sender", title: "From", cell: (message) => message.sender_name },
            {
              key: "text",
              title: "Text",
              cell: (message) => <span className="line-clamp-2 min-w-64">{message.text}</span>,
            },
            {
              key: "session",
              title: "Session",
              cell: (message) => <span className="block max-w-40 truncate">{message.session_id}</span>,
            },
          ]}
        />
      ) : null}
    </div>
  );
}
