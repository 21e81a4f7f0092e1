import { Table2 } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { Button } from "@/ui/button";
import { isRecord } from "@/util/json";
import { t } from "./messages";
import { readColumns, readRows } from "./table-data";
import { type FieldProps, labelOf } from "./types";

const TableDialog = lazy(() => import("./table-dialog"));

export function TableField({ name, field, disabled, onChange }: FieldProps) {
  const [isOpen, setIsOpen] = useState(false);
  const rows = readRows(field.value);
  return (
    <>
      <Button
        size="sm"
        disabled={disabled}
        className="nodrag w-full"
        data-testid={`div-table_${name}`}
        onClick={() => setIsOpen(true)}
      >
        <Table2 size={15} aria-hidden="true" /> {t.openTable(rows.length)}
      </Button>
      {isOpen ? (
        <Suspense>
          <TableDialog
            title={labelOf(name, field)}
            columns={readColumns(field.table_schema, rows)}
            rows={rows}
            onClose={() => setIsOpen(false)}
            onSave={(value) => {
              onChange({ value });
              setIsOpen(false);
            }}
          />
        </Suspense>
      ) : null}
    </>
  );
}

/** The actions of a component in tool mode: which an agent may call, and how they are described. */
export function ToolsField({ name, field, disabled, onChange }: FieldProps) {
  const [isOpen, setIsOpen] = useState(false);
  const rows = readRows(field.value);
  const active = rows.filter((row) => row.status !== false);
  return (
    <div className="grid gap-1.5">
      <Button
        size="sm"
        disabled={disabled}
        className="nodrag w-full"
        data-testid="button_open_actions"
        onClick={() => setIsOpen(true)}
      >
        {t.editActions}
      </Button>
      <ul className="flex flex-wrap gap-1">
        {active.map((row) => (
          <li
            key={String(row.name)}
            className="rounded bg-sunken px-1.5 py-0.5 font-mono text-[11px] uppercase text-ink-soft"
          >
            {String(row.name ?? "")}
          </li>
        ))}
      </ul>
      {isOpen ? (
        <Suspense>
          <TableDialog
            title={labelOf(name, field)}
            isFixed
            columns={[
              { name: "status", title: t.on, type: "bool", fallback: true, isReadOnly: false },
              { name: "name", title: t.name, type: "str", fallback: "", isReadOnly: false },
              { name: "description", title: t.description, type: "str", fallback: "", isReadOnly: false },
            ]}
            rows={rows.map((row) => (isRecord(row) ? row : {}))}
            onClose={() => setIsOpen(false)}
            onSave={(value) => {
              onChange({ value });
              setIsOpen(false);
            }}
          />
        </Suspense>
      ) : null}
    </div>
  );
}
