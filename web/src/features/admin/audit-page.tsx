import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Download, ShieldCheck } from "lucide-react";
import { useState } from "react";
import { call } from "@/api/client";
import { type AuditFilter, auditsQuery, usersQuery } from "@/api/queries";
import { answerOf, type Schemas, server } from "@/api/server";
import { toast } from "@/stores/toast";
import { Button } from "@/ui/button";
import { Labelled, Select } from "@/ui/form";
import { Pager } from "@/ui/pager";
import { Records } from "@/ui/records";
import { TextField } from "@/ui/text-field";
import { cn } from "@/util/cn";
import { describe } from "@/util/describe";
import { saveFile } from "@/util/download";
import { longTime } from "@/util/time";
import { AdminFrame } from "./admin-frame";
import { t } from "./messages";

const SIZE = 50;
const kinds = ["user", "key", "session", "variable", "server"];

type Entry = Schemas["AuditRead"];

/** Who did what on this server. */
export function AuditPage() {
  const [filter, setFilter] = useState<AuditFilter>({});
  const [page, setPage] = useState(0);
  const [isBusy, setIsBusy] = useState(false);
  const entries = useQuery({ ...auditsQuery(filter, page + 1, SIZE), placeholderData: keepPreviousData });
  const users = useQuery(usersQuery("", undefined, 0, 200)).data?.users ?? [];
  const set = (change: { [K in keyof AuditFilter]: string }) => {
    const next = { ...filter, ...change };
    setFilter(Object.fromEntries(Object.entries(next).filter(([, value]) => value !== "")));
    setPage(0);
  };
  const exportAll = async () => {
    setIsBusy(true);
    try {
      saveFile("langflow_audit.jsonl", await (await call("/api/v1/audits/export")).blob());
    } catch (error) {
      toast.error(describe(error));
    }
    setIsBusy(false);
  };
  const verify = async () => {
    try {
      const chain = await answerOf(server.GET("/api/v1/audits/verify"));
      if (chain.whole) toast.ok(t.theLogIsAsIt(chain.entries));
      else toast.error(t.theLogWasChangedEntry(chain.broken_at));
    } catch (error) {
      toast.error(describe(error));
    }
  };
  return (
    <AdminFrame
      text={t.whatWasDoneOnThis}
      action={
        <div className="flex flex-wrap gap-2">
          <Button data-testid="audit-verify" onClick={() => void verify()}>
            <ShieldCheck size={16} aria-hidden="true" /> {t.verify}
          </Button>
          <Button data-testid="audit-export" busy={isBusy} onClick={() => void exportAll()}>
            <Download size={16} aria-hidden="true" /> {t.exportText}
          </Button>
        </div>
      }
    >
      <div className="grid gap-3 sm:grid-cols-3">
        <Labelled label={t.who}>
          {(ids) => (
            <Select
              {...ids}
              data-testid="audit-user"
              value={filter.user_id ?? ""}
              onChange={(event) => set({ user_id: event.target.value })}
            >
              <option value="">{t.everybody}</option>
              {users.map((user) => (
                <option key={user.id} value={user.id}>
                  {user.username}
                </option>
              ))}
            </Select>
          )}
        </Labelled>
        <Labelled label={t.whatItWasDoneTo}>
          {(ids) => (
            <Select
              {...ids}
              data-testid="audit-kind"
              value={filter.object_kind ?? ""}
              onChange={(event) => set({ object_kind: event.target.value })}
            >
              <option value="">{t.anything}</option>
              {kinds.map((kind) => (
                <option key={kind}>{kind}</option>
              ))}
            </Select>
          )}
        </Labelled>
        <TextField
          label={t.action}
          placeholder={t.createKey}
          testId="audit-action"
          value={filter.action ?? ""}
          onChange={(action) => set({ action })}
        />
      </div>
      <Records
        label={t.auditLog}
        loading={entries}
        rows={entries.data?.items ?? []}
        keyOf={(entry) => String(entry.seq)}
        empty={t.noEntryMatches}
        columns={[
          { key: "seq", title: t.no, cell: (entry) => entry.seq, className: "tabular-nums" },
          {
            key: "at",
            title: t.time,
            cell: (entry) => longTime(entry.at),
            className: "whitespace-nowrap",
          },
          { key: "actor", title: t.who, cell: (entry) => <span className="font-medium">{entry.actor || "—"}</span> },
          { key: "action", title: t.action, cell: (entry) => <code className="text-[13px]">{entry.action}</code> },
          { key: "object", title: t.on, cell: (entry) => <Target entry={entry} /> },
          {
            key: "outcome",
            title: t.outcome,
            cell: (entry) => (
              <span className={cn(entry.outcome === "ok" ? "text-ok" : "text-danger")}>{entry.outcome}</span>
            ),
          },
          { key: "address", title: t.from, cell: (entry) => entry.address ?? "—" },
        ]}
      />
      <Pager
        page={page}
        size={SIZE}
        total={entries.data?.total ?? 0}
        noun={[t.entry, t.entries]}
        onPage={setPage}
        testId="audit-count"
      />
    </AdminFrame>
  );
}

function Target({ entry }: { entry: Entry }) {
  return (
    <span className="block w-72">
      {entry.object_kind}
      {entry.object_id ? (
        <span className="block truncate text-xs text-ink-soft" title={entry.object_id}>
          {entry.object_id}
        </span>
      ) : null}
      {entry.details ? (
        <code className="block truncate text-xs text-ink-soft" title={JSON.stringify(entry.details)}>
          {JSON.stringify(entry.details)}
        </code>
      ) : null}
    </span>
  );
}
