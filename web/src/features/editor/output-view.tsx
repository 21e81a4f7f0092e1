import { Copy } from "lucide-react";
import { toast } from "@/stores/toast";
import { IconButton } from "@/ui/button";
import { Table } from "@/ui/table";
import { copyText } from "@/util/download";
import { asText, isRecord } from "@/util/json";
import { t } from "./messages";

const ROWS = 200;

/** What a component gave: text, a table, or JSON. */
export default function OutputView({ name, value }: { name: string; value: unknown }) {
  const shown = unwrap(value);
  const text = typeof shown === "string" ? shown : JSON.stringify(shown, null, 2);
  const copy = async () => ((await copyText(text ?? "")) ? toast.ok(t.copied) : toast.error(t.theBrowserDoesNotAllow));
  return (
    <section aria-label={name} className="grid gap-2" data-testid={`output-${name.toLowerCase()}`}>
      <div className="flex items-center justify-between">
        <h3 className="text-[13px] font-medium">{name}</h3>
        <IconButton label={t.copy(name)} onClick={() => void copy()}>
          <Copy size={14} aria-hidden="true" />
        </IconButton>
      </div>
      {isRows(shown) ? (
        <Rows name={name} rows={shown} />
      ) : (
        <pre
          tabIndex={0}
          className="max-h-96 overflow-auto whitespace-pre-wrap break-words rounded-lg border border-line bg-sunken p-3 font-sans text-sm"
        >
          {text || t.empty}
        </pre>
      )}
    </section>
  );
}

function Rows({ name, rows }: { name: string; rows: Record<string, unknown>[] }) {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  return (
    <>
      <Table
        label={name}
        rows={rows.slice(0, ROWS).map((row, index) => ({ row, index }))}
        keyOf={({ index }) => String(index)}
        columns={names.map((column) => ({
          key: column,
          title: column,
          cell: ({ row }: { row: Record<string, unknown> }) => (
            <span className="line-clamp-3 min-w-24">{asText(row[column])}</span>
          ),
        }))}
      />
      {rows.length > ROWS ? <p className="text-[13px] text-ink-soft">{t.theFirstOfRows(ROWS, rows.length)}</p> : null}
    </>
  );
}

function isRows(value: unknown): value is Record<string, unknown>[] {
  return Array.isArray(value) && value.length > 0 && value.every(isRecord);
}

function isData(value: unknown): value is { data: Record<string, unknown> } {
  return isRecord(value) && isRecord(value.data) && "text_key" in value;
}

/** A message is its text; a data object is its data, also as a row of a list. */
function unwrap(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((row) => (isData(row) ? row.data : row));
  if (!isRecord(value)) return value;
  if (typeof value.errorMessage === "string") return value.errorMessage;
  if (typeof value.text === "string" && ("sender" in value || "text_key" in value)) return value.text;
  if (typeof value.message === "string" && "sender" in value) return value.message;
  if (isData(value)) return value.data;
  if (typeof value.message === "string" && Object.keys(value).length <= 2) return value.message;
  return value;
}
