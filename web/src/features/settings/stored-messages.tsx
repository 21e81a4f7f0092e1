import { useQuery } from "@tanstack/react-query";
import { api } from "@/api/client";
import { allMessagesQuery } from "@/api/queries";
import { useRemove } from "@/hooks/use-remove";
import { useSelection } from "@/hooks/use-selection";
import { Records } from "@/ui/records";
import { ago, longTime } from "@/util/time";
import { t } from "./messages";
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
        title: chosen.length === 1 ? t.deleteThisMessage : t.deleteMessages(chosen.length),
        text: t.thisCannotBeUndone,
        yes: t.deleteText,
      },
      run: () => api("/api/v1/monitor/messages", { method: "DELETE", body: chosen.map((message) => message.id) }),
      stale: [["messages"]],
    });
    if (done) selection.clear();
  };
  return (
    <div className="grid gap-4">
      <p className="text-sm text-ink-soft">{t.theLatest100MessagesOf}</p>
      <ListToolbar chosen={chosen.length} onDelete={() => void removeChosen()} />
      <Records
        label={t.messages}
        loading={messages}
        rows={rows}
        keyOf={(message) => message.id}
        empty={t.noMessages}
        select={{ selection, nameOf: (message) => t.theMessageOf(message.sender_name) }}
        columns={[
          {
            key: "time",
            title: t.time,
            cell: (message) => <span title={longTime(message.timestamp)}>{ago(message.timestamp)}</span>,
            className: "whitespace-nowrap",
          },
          { key: "sender", title: t.from, cell: (message) => message.sender_name },
          {
            key: "text",
            title: t.text,
            cell: (message) => <span className="line-clamp-2 min-w-64">{message.text}</span>,
          },
          {
            key: "session",
            title: t.session,
            cell: (message) => <span className="block max-w-40 truncate">{message.session_id}</span>,
          },
        ]}
      />
    </div>
  );
}
