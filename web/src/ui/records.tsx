import type { ReactNode } from "react";
import type { Selection } from "@/hooks/use-selection";
import { describe } from "@/util/describe";
import { t } from "./messages";
import { Failed, Skeleton } from "./skeleton";
import { type Column, Table } from "./table";
import { Tick } from "./tick";

/** As much of a query as a list needs to know. */
export interface Loading {
  isPending: boolean;
  error: Error | null;
  refetch: () => unknown;
}

export interface RecordsProps<T> {
  label: string;
  loading: Loading;
  rows: T[];
  keyOf: (row: T) => string;
  columns: Column<T>[];
  /** Said where there are no rows. */
  empty: ReactNode;
  select?: { selection: Selection; nameOf: (row: T) => string };
}

/** A list from the server: skeleton, failure with a second try, nothing there, or the table. */
export function Records<T>({ label, loading, rows, keyOf, columns, empty, select }: RecordsProps<T>) {
  if (loading.error) return <Failed text={describe(loading.error)} retry={() => void loading.refetch()} />;
  if (loading.isPending) return <Skeleton rows={4} label={t.loading(label)} />;
  if (rows.length === 0)
    return <p className="rounded-xl border border-dashed border-line py-10 text-center text-ink-soft">{empty}</p>;
  const ticks: Column<T>[] = select
    ? [
        {
          key: "select",
          label: t.selectAll,
          title: (
            <Tick
              label={t.selectAll}
              checked={rows.every((row) => select.selection.has(keyOf(row)))}
              onChange={() => select.selection.toggleAll(rows.map(keyOf))}
            />
          ),
          cell: (row) => (
            <Tick
              label={t.select(select.nameOf(row))}
              checked={select.selection.has(keyOf(row))}
              onChange={() => select.selection.toggle(keyOf(row))}
            />
          ),
        },
      ]
    : [];
  return <Table label={label} rows={rows} keyOf={keyOf} columns={[...ticks, ...columns]} />;
}
