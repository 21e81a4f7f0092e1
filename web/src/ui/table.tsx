import type { ReactNode } from "react";
import { cn } from "@/util/cn";

export interface Column<T> {
  key: string;
  title: ReactNode;
  /** Said beside the title where rows are cards. */
  label?: string;
  cell: (row: T) => ReactNode;
  className?: string;
}

export interface TableProps<T> {
  label: string;
  columns: Column<T>[];
  rows: T[];
  keyOf: (row: T) => string;
}

/** A table; on a phone each row is a card, with the titles beside the values (`.records` in styles.css). */
export function Table<T>({ label, columns, rows, keyOf }: TableProps<T>) {
  return (
    // Positioned, so that what is only spoken in it does not widen the page.
    <section
      aria-label={label}
      className="relative overflow-x-auto md:rounded-xl md:border md:border-line"
      tabIndex={0}
    >
      <table className="records w-full border-collapse text-left text-sm md:bg-surface">
        <thead>
          <tr className="border-b border-line bg-sunken text-[13px]">
            {columns.map((column) => (
              <th
                key={column.key}
                scope="col"
                data-column={column.key}
                data-label={column.label}
                className="whitespace-nowrap px-3 py-2 font-medium"
              >
                {column.title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={keyOf(row)} className="h-11 border-line hover:bg-sunken/60 md:border-b md:last:border-0">
              {columns.map((column) => (
                <td
                  key={column.key}
                  data-column={column.key}
                  data-label={typeof column.title === "string" ? column.title : undefined}
                  className={cn("px-3 py-2 align-middle", column.className)}
                >
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
