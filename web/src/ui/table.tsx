import type { ReactNode } from "react";

export interface Column<T> {
  key: string;
  title: ReactNode;
  cell: (row: T) => ReactNode;
  className?: string;
}

export interface TableProps<T> {
  label: string;
  columns: Column<T>[];
  rows: T[];
  keyOf: (row: T) => string;
}

/** A plain table that scrolls sideways where it does not fit. */
export function Table<T>({ label, columns, rows, keyOf }: TableProps<T>) {
  return (
    <section aria-label={label} className="overflow-x-auto rounded-xl border border-line" tabIndex={0}>
      <table className="w-full border-collapse bg-surface text-left text-sm">
        <thead>
          <tr className="border-b border-line bg-sunken text-[13px]">
            {columns.map((column) => (
              <th key={column.key} scope="col" className="whitespace-nowrap px-3 py-2 font-medium">
                {column.title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={keyOf(row)} className="border-b border-line last:border-0 hover:bg-sunken/60">
              {columns.map((column) => (
                <td key={column.key} className={`px-3 py-2 align-middle ${column.className ?? ""}`}>
                  {column.cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
