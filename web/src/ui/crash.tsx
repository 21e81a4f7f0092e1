import { Button } from "./button";

/** Instead of a white page. */
export function Crash({ error }: { error: unknown }) {
  const text = error instanceof Error ? error.message : String(error);
  const isStale = /dynamically imported module|importing a module script/i.test(text);
  return (
    <main className="grid min-h-full place-items-center p-6">
      <div role="alert" className="grid max-w-lg gap-3 rounded-xl border border-line bg-surface p-6 shadow-card">
        <h1 className="text-lg font-semibold">
          {isStale ? "A newer version is available" : "This page ran into a problem"}
        </h1>
        <p className="text-sm text-ink-soft">
          {isStale ? "The server was updated while this page was open. Load it again." : text}
        </p>
        <p className="text-sm text-ink-soft">
          Unsaved changes of an open flow are kept in this browser and offered again.
        </p>
        <Button look="primary" onClick={() => location.reload()}>
          Load again
        </Button>
      </div>
    </main>
  );
}
