import { useQuery } from "@tanstack/react-query";
import { RefreshCw } from "lucide-react";
import { useState } from "react";
import { logsQuery } from "@/api/queries";
import { Button } from "@/ui/button";
import { Check } from "@/ui/form";
import { SearchBox } from "@/ui/search-box";
import { Failed, Skeleton } from "@/ui/skeleton";
import { describe } from "@/util/describe";
import { AdminFrame } from "./admin-frame";
import { t } from "./messages";

const FOLLOW_MS = 2000;

/** The latest lines of the server's log. */
export function LogsPage() {
  const [search, setSearch] = useState("");
  const [isFollowing, setIsFollowing] = useState(false);
  const logs = useQuery({ ...logsQuery, refetchInterval: isFollowing ? FOLLOW_MS : false });
  const words = search.toLowerCase();
  const lines = (logs.data ?? []).filter((line) => line.text.toLowerCase().includes(words));
  return (
    <AdminFrame text={t.theLatestLinesOfThe}>
      <div className="flex flex-wrap items-center gap-3">
        <SearchBox
          label={t.searchTheLog}
          placeholder={t.onlyLinesWith}
          className="min-w-48 max-w-sm flex-1"
          value={search}
          onChange={setSearch}
        />
        <Button data-testid="logs-refresh" busy={logs.isFetching && !isFollowing} onClick={() => void logs.refetch()}>
          <RefreshCw size={15} aria-hidden="true" /> {t.refresh}
        </Button>
        <Check label={t.follow} checked={isFollowing} onChange={setIsFollowing} />
      </div>
      {logs.isPending ? <Skeleton rows={6} label={t.loadingTheLog} /> : null}
      {logs.isError ? <Failed text={describe(logs.error)} retry={() => void logs.refetch()} /> : null}
      {logs.data ? (
        <ol
          aria-label={t.logLines}
          data-testid="log-lines"
          tabIndex={0}
          className="max-h-[65dvh] overflow-auto rounded-xl border border-line bg-surface p-3 font-mono text-[13px]"
        >
          {lines.length === 0 ? <li className="text-ink-soft">{t.noLineMatches}</li> : null}
          {lines.map((line) => (
            <li key={line.key} className="whitespace-pre-wrap break-all border-b border-line py-1 last:border-0">
              {line.text}
            </li>
          ))}
        </ol>
      ) : null}
    </AdminFrame>
  );
}
