import { t } from "./messages";
export function Skeleton({ rows = 4, label = t.loadingNow }: { rows?: number; label?: string }) {
  return (
    <div role="status" aria-label={label} className="grid gap-2">
      {Array.from({ length: rows }, (_, index) => index).map((row) => (
        <div key={row} className="skeleton h-12" />
      ))}
    </div>
  );
}

export function Failed({ text, retry }: { text: string; retry?: () => void }) {
  return (
    <div
      role="alert"
      className="grid justify-items-start gap-3 rounded-lg border border-danger/40 bg-danger-soft p-4 text-sm text-danger"
    >
      <p>{text}</p>
      {retry ? (
        <button type="button" className="font-semibold underline" onClick={retry}>
          {t.tryAgain}
        </button>
      ) : null}
    </div>
  );
}
