import { Copy, Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import { Button, IconButton } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { Input, Select } from "@/ui/form";
import { Tick } from "@/ui/tick";
import { asText } from "@/util/json";
import { t } from "./messages";
import type { Row, TableColumn } from "./table-data";

export interface TableDialogProps {
  title: string;
  columns: TableColumn[];
  rows: Row[];
  /** Rows can be changed, but none added or removed. */
  isFixed?: boolean;
  onSave: (rows: Row[]) => void;
  onClose: () => void;
}

export default function TableDialog({ title, columns, rows: given, isFixed, onSave, onClose }: TableDialogProps) {
  const [rows, setRows] = useState(given);
  const fresh = () =>
    Object.fromEntries(
      columns.map((column) => [column.name, column.type === "bool" ? column.fallback === true : column.fallback]),
    );
  const put = (index: number, name: string, value: unknown) =>
    setRows(rows.with(index, { ...rows[index], [name]: value }));
  return (
    <Dialog
      open
      onClose={onClose}
      title={title}
      size="lg"
      footer={
        <>
          <Button onClick={onClose}>{t.cancel}</Button>
          <Button look="primary" onClick={() => onSave(rows)}>
            {t.save}
          </Button>
        </>
      }
    >
      <div className="overflow-x-auto">
        <table className="w-full text-left text-sm">
          <thead>
            <tr>
              {columns.map((column) => (
                <th key={column.name} scope="col" className="whitespace-nowrap px-1.5 pb-2 font-medium">
                  {column.title}
                </th>
              ))}
              {isFixed ? null : <th aria-label={t.actions} />}
            </tr>
          </thead>
          <tbody>
            {rows.map((row, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: rows have no identity but their place
              <tr key={index}>
                {columns.map((column) => (
                  <td key={column.name} className="min-w-28 px-1.5 py-1">
                    <Cell
                      column={column}
                      value={row[column.name]}
                      label={t.row(column.title, index + 1)}
                      onChange={(value) => put(index, column.name, value)}
                    />
                  </td>
                ))}
                {isFixed ? null : (
                  <td className="whitespace-nowrap">
                    <IconButton
                      label={t.duplicateRow(index + 1)}
                      data-testid="duplicate-row-button"
                      onClick={() => setRows(rows.toSpliced(index, 0, { ...row }))}
                    >
                      <Copy size={14} aria-hidden="true" />
                    </IconButton>
                    <IconButton
                      label={t.deleteRow(index + 1)}
                      data-testid="delete-row-button"
                      onClick={() => setRows(rows.toSpliced(index, 1))}
                    >
                      <Trash2 size={14} aria-hidden="true" />
                    </IconButton>
                  </td>
                )}
              </tr>
            ))}
          </tbody>
        </table>
        {rows.length === 0 ? <p className="py-4 text-center text-sm text-ink-soft">{t.noRows}</p> : null}
      </div>
      {isFixed ? null : (
        <Button size="sm" className="mt-3" data-testid="add-row-button" onClick={() => setRows([...rows, fresh()])}>
          <Plus size={15} aria-hidden="true" /> {t.addARow}
        </Button>
      )}
    </Dialog>
  );
}

interface CellProps {
  column: TableColumn;
  value: unknown;
  label: string;
  onChange: (value: unknown) => void;
}

function Cell({ column, value, label, onChange }: CellProps) {
  switch (column.type) {
    case "bool":
      return (
        <Tick
          label={label}
          checked={value === true || value === "True" || value === "true"}
          onChange={() => onChange(!(value === true || value === "True" || value === "true"))}
        />
      );
    case "choice":
      return (
        <Select
          aria-label={label}
          disabled={column.isReadOnly}
          value={asText(value)}
          onChange={(event) => onChange(event.target.value)}
        >
          {(column.choices ?? []).map((choice) => (
            <option key={choice}>{choice}</option>
          ))}
        </Select>
      );
    case "int":
    case "float":
      return (
        <Input
          type="number"
          aria-label={label}
          disabled={column.isReadOnly}
          value={asText(value)}
          onChange={(event) => onChange(event.target.value === "" ? "" : Number(event.target.value))}
        />
      );
    default:
      return (
        <Input
          aria-label={label}
          disabled={column.isReadOnly}
          value={asText(value)}
          onChange={(event) => onChange(event.target.value)}
        />
      );
  }
}
