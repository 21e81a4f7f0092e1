import { useQuery } from "@tanstack/react-query";
import { api } from "@/api/client";
import { allMessagesQuery } from "@/api/queries";
import { useRemove } from "@/hooks/use-remove";
import { useSelection } from "@/hooks/use-selection";
import { Records } from "@/ui/records";
import { ago, longTime } from "@/util/time";
import { ListToolbar } from "./toolbar";

export default function Messages() {
  const selection = useSelection();
  const remove = useRemove();
  const messages = useQuery(allMessagesQuery);
  const rows = messages.data ?? [];
  const chosen = rows.filter((message) => selection.has(message.id));
  const removeChosen = async () => {
    const done = await remove({
      question: {
        title: chosen.length === 1 ? "Delete this message?" : `Delete ${chosen.length} messages?`,
        text: "This cannot be undone.",
        yes: "Delete",
      },
      run: () => api("/api/v1/monitor/messages", { method: "DELETE", body: chosen.map((message) => message.id) }),
      stale: [["messages"]],
    });
    if (done) selection.clear();
  };
  return (
    <div className="grid gap-4">
      <p className="text-sm text-ink-soft">The latest 100 messages of all your flows.</p>
      <ListToolbar chosen={chosen.length} onDelete={() => void removeChosen()} />
      <Records
        label="Messages"
        loading={messages}
        rows={rows}
        keyOf={(message) => message.id}
        empty="No messages."
        select={{ selection, nameOf: (message) => `the message of ${message.sender_name}` }}
        columns={[
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
    </div>
  );
}
