import { Upload, X } from "lucide-react";
import { useRef, useState } from "react";
import { Button } from "@/ui/button";
import { Select } from "@/ui/form";
import { asText } from "@/util/json";
import { t } from "./messages";
import { type FieldProps, labelOf, useFieldServices } from "./types";

const baseName = (path: string) => path.split("/").at(-1) ?? path;
const list = (value: unknown): string[] =>
  (Array.isArray(value) ? value.map(asText) : value ? [asText(value)] : []).filter(Boolean);

export function FileField({ id, name, field, disabled, onChange }: FieldProps) {
  const services = useFieldServices();
  const picker = useRef<HTMLInputElement>(null);
  const [isBusy, setIsBusy] = useState(false);
  const isMany = field.list === true || field.is_list === true;
  const paths = list(field.file_path);
  const types = [...(field.fileTypes ?? []), ...(field.file_types ?? [])];
  const put = (next: string[]) => {
    const names = next.map(baseName);
    onChange(isMany ? { value: names, file_path: next } : { value: names[0] ?? "", file_path: next[0] ?? "" });
  };
  const add = (path: string) => put(isMany ? [...paths, path] : [path]);
  const upload = async (files: File[]) => {
    setIsBusy(true);
    const done: string[] = [];
    for (const file of files) {
      const stored = await services.upload(file);
      if (stored) done.push(stored.path);
    }
    setIsBusy(false);
    if (done.length > 0) put(isMany ? [...paths, ...done] : done.slice(-1));
  };
  const rest = services.files.filter((file) => !paths.includes(file.path));
  return (
    <div className="grid gap-1.5">
      {paths.map((path) => (
        <span key={path} className="flex h-9 items-center gap-2 rounded-lg border border-line bg-sunken px-2.5 text-sm">
          <span className="min-w-0 flex-1 truncate">{baseName(path)}</span>
          {disabled ? null : (
            <button
              type="button"
              className="nodrag"
              aria-label={t.remove(baseName(path))}
              onClick={() => put(paths.filter((other) => other !== path))}
            >
              <X size={14} aria-hidden="true" />
            </button>
          )}
        </span>
      ))}
      {paths.length === 0 || isMany ? (
        <div className="flex gap-1.5">
          {rest.length > 0 ? (
            <Select
              aria-label={t.aStoredFileFor(labelOf(name, field))}
              data-testid="button_open_file_management"
              disabled={disabled}
              className="nodrag min-w-0"
              value=""
              onChange={(event) => (event.target.value ? add(event.target.value) : undefined)}
            >
              <option value="">{t.selectFiles}</option>
              {rest.map((file) => (
                <option key={file.path} value={file.path}>
                  {file.name}
                </option>
              ))}
            </Select>
          ) : null}
          <input
            ref={picker}
            id={id}
            type="file"
            hidden
            multiple={isMany}
            accept={types.map((type) => `.${type}`).join(",")}
            onChange={(event) => {
              void upload([...(event.target.files ?? [])]);
              event.target.value = "";
            }}
          />
          <Button
            size="sm"
            className="nodrag h-9 flex-1"
            disabled={disabled}
            busy={isBusy}
            onClick={() => picker.current?.click()}
          >
            <Upload size={14} aria-hidden="true" /> {t.upload}
          </Button>
        </div>
      ) : null}
    </div>
  );
}
