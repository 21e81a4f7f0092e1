import { Button } from "./button";
import { t } from "./messages";

/** Instead of a white page. */
export function Crash({ error }: { error: unknown }) {
  const text = error instanceof Error ? error.message : String(error);
  const isStale = /dynamically imported module|importing a module script/i.test(text);
  return (
    <main className="grid min-h-full place-items-center p-6">
      <div role="alert" className="grid max-w-lg gap-3 rounded-xl border border-line bg-surface p-6 shadow-card">
        <h1 className="text-lg font-semibold">{isStale ? t.aNewerVersionIsAvailable : t.thisPageRanIntoA}</h1>
        <p className="text-sm text-ink-soft">{isStale ? t.theServerWasUpdatedWhile : text}</p>
        <p className="text-sm text-ink-soft">{t.unsavedChangesOfAnOpen}</p>
        <Button look="primary" onClick={() => location.reload()}>
          {t.loadAgain}
        </Button>
      </div>
    </main>
  );
}
