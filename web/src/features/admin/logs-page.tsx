import { useEffect, useMemo, useRef, useState } from "react";
import { followLog, joinLines, type LogLevel, type LogLine, type LogState } from "@/api/logs";
import { language } from "@/i18n/catalogue";
import { Button } from "@/ui/button";
import { Select } from "@/ui/form";
import { Notice } from "@/ui/notice";
import { SearchBox } from "@/ui/search-box";
import { Skeleton } from "@/ui/skeleton";
import { cn } from "@/util/cn";
import { AdminFrame } from "./admin-frame";
import { t } from "./messages";

/** What a choice of level shows: it, and what is graver. */
const gravest = ["error", "warning", "info", "debug"] as const satisfies LogLevel[];
const isUpTo = (level: LogLevel, wanted: LogLevel) => gravest.indexOf(level) <= gravest.indexOf(wanted);
const levelNames: Record<LogLevel, string> = {
  debug: t.allLines,
  info: t.withoutDebugLines,
  warning: t.warningsAndErrors,
  error: t.errorsOnly,
};
const levelLooks: Record<LogLevel, string> = {
  error: "border-l-danger bg-danger-soft text-danger",
  warning: "border-l-warn bg-warn-soft text-warn",
  info: "border-l-transparent",
  debug: "border-l-transparent text-ink-soft",
};
const isLevel = (text: string): text is LogLevel => text in levelNames;

/** The server's log as it is written. */
export function LogsPage() {
  const [search, setSearch] = useState("");
  const [level, setLevel] = useState<LogLevel>("debug");
  const [isPaused, setIsPaused] = useState(false);
  const { lines, state } = useLog(isPaused);
  const words = search.toLowerCase();
  const shown = useMemo(
    () => lines.filter((line) => isUpTo(line.level, level) && line.text.toLowerCase().includes(words)),
    [lines, level, words],
  );
  return (
    <AdminFrame text={t.theServersLogAsIt}>
      {state.kind === "off" ? (
        <Notice tone="info">
          <p className="font-medium">{t.theServerKeepsNoLines}</p>
          <p>{t.startItWith}</p>
          <pre className="mt-2 overflow-x-auto rounded-lg bg-sunken p-2 font-mono text-[13px]">
            LANGFLOW_LOG_RETRIEVER_BUFFER_SIZE=10000
          </pre>
        </Notice>
      ) : (
        <>
          <div className="flex flex-wrap items-center gap-3">
            <SearchBox
              label={t.searchTheLog}
              placeholder={t.onlyLinesWith}
              className="min-w-48 max-w-sm flex-1"
              value={search}
              onChange={setSearch}
            />
            <Select
              aria-label={t.level}
              data-testid="logs-level"
              className="w-auto"
              value={level}
              onChange={(event) => (isLevel(event.target.value) ? setLevel(event.target.value) : undefined)}
            >
              {Object.entries(levelNames).map(([key, name]) => (
                <option key={key} value={key}>
                  {name}
                </option>
              ))}
            </Select>
            <Button data-testid="logs-pause" aria-pressed={isPaused} onClick={() => setIsPaused(!isPaused)}>
              {isPaused ? t.goOn : t.pause}
            </Button>
            <Sign state={state} isPaused={isPaused} />
          </div>
          {state.kind === "loading" ? <Skeleton rows={6} label={t.loadingTheLog} /> : <Lines lines={shown} />}
        </>
      )}
    </AdminFrame>
  );
}

function useLog(isPaused: boolean) {
  const [lines, setLines] = useState<LogLine[]>([]);
  const [state, setState] = useState<LogState>({ kind: "loading" });
  useEffect(() => {
    if (isPaused) return;
    const end = new AbortController();
    void followLog(end.signal, (more) => setLines((kept) => joinLines(kept, more)), setState);
    return () => end.abort();
  }, [isPaused]);
  return { lines, state };
}

function Sign({ state, isPaused }: { state: LogState; isPaused: boolean }) {
  const isLost = state.kind === "lost";
  const isLive = state.kind === "live" && !isPaused;
  return (
    <span
      role="status"
      data-testid="logs-state"
      data-state={isPaused ? "paused" : state.kind}
      className={cn("flex items-center gap-2 text-[13px]", isLost ? "text-danger" : "text-ink-soft")}
    >
      <span
        aria-hidden="true"
        className={cn("h-2 w-2 rounded-full", isLive ? "animate-pulse bg-ok" : isLost ? "bg-danger" : "bg-line-strong")}
      />
      {isPaused ? t.paused : isLost ? t.lostTryingAgain(state.text) : isLive ? t.linesAppearAsThey : t.loadingTheLog}
    </span>
  );
}

const clock = (at: number) => new Date(at).toLocaleTimeString(language(), { hour12: false, timeStyle: "medium" });

/** Stays at the newest line unless one scrolls away from it. */
function Lines({ lines }: { lines: LogLine[] }) {
  const box = useRef<HTMLOListElement>(null);
  const isAtEnd = useRef(true);
  useEffect(() => {
    if (lines && box.current && isAtEnd.current) box.current.scrollTop = box.current.scrollHeight;
  }, [lines]);
  return (
    <ol
      ref={box}
      aria-label={t.logLines}
      data-testid="log-lines"
      tabIndex={0}
      className="max-h-[65dvh] min-h-48 overflow-auto rounded-xl border border-line bg-surface py-2 font-mono text-[13px]"
      onScroll={(event) => {
        const { scrollHeight, scrollTop, clientHeight } = event.currentTarget;
        isAtEnd.current = scrollHeight - scrollTop - clientHeight < 40;
      }}
    >
      {lines.length === 0 ? <li className="px-3 py-1 text-ink-soft">{t.noLineMatches}</li> : null}
      {lines.map((line) => (
        <li
          key={line.at}
          className={cn("whitespace-pre-wrap break-all border-l-4 px-3 py-0.5", levelLooks[line.level])}
        >
          <time dateTime={new Date(line.at).toISOString()} className="mr-2 text-ink-soft">
            {clock(line.at)}
          </time>
          {line.text}
        </li>
      ))}
    </ol>
  );
}
