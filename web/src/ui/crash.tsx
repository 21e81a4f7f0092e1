import { useState } from "react";
import { Button } from "./button";
import { t } from "./messages";
import { Notice } from "./notice";

/** Whether the server is there: loading the page anew without it would lose the page altogether. */
async function isServerThere(): Promise<boolean> {
  try {
    return (await fetch("/health", { cache: "no-store" })).ok;
  } catch {
    return false;
  }
}

/** Instead of a white page. */
export function Crash({ error }: { error: unknown }) {
  const [isAway, setIsAway] = useState(false);
  const text = error instanceof Error ? error.message : String(error);
  const isMissing = /dynamically imported module|importing a module script/i.test(text);
  const reload = async () => {
    if (await isServerThere()) location.reload();
    else setIsAway(true);
  };
  return (
    <main className="grid min-h-full place-items-center p-6">
      <div role="alert" className="grid max-w-lg gap-3 rounded-xl border border-line bg-surface p-6 shadow-card">
        <h1 className="text-lg font-semibold">{isMissing ? t.partOfThisPage : t.thisPageRanIntoA}</h1>
        <p className="text-sm text-ink-soft">{isMissing ? t.theServerIsAwayOrUpdated : text}</p>
        <p className="text-sm text-ink-soft">{t.unsavedChangesOfAnOpen}</p>
        {isAway ? <Notice tone="warn">{t.theServerDoesNotAnswer}</Notice> : null}
        <Button look="primary" onClick={() => void reload()}>
          {t.loadAgain}
        </Button>
      </div>
    </main>
  );
}
