import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Download, FileText, Trash2, Upload } from "lucide-react";
import { useRef, useState } from "react";
import { api, call, describe } from "@/api/client";
import { filesQuery } from "@/api/queries";
import type { StoredFile } from "@/api/types";
import { confirm } from "@/stores/confirm";
import { toast } from "@/stores/toast";
import { Button, IconButton } from "@/ui/button";
import { SearchBox } from "@/ui/search-box";
import { Failed, Skeleton } from "@/ui/skeleton";
import { bytes } from "@/util/bytes";
import { saveFile } from "@/util/download";
import { ago } from "@/util/time";
import { t } from "./messages";

const fullName = (file: StoredFile) => file.path.split("/").at(-1) ?? file.name;

export function FilesPage() {
  const files = useQuery(filesQuery);
  const queries = useQueryClient();
  const picker = useRef<HTMLInputElement>(null);
  const [search, setSearch] = useState("");
  const upload = async (list: File[]) => {
    for (const file of list) {
      const form = new FormData();
      form.append("file", file);
      try {
        await api("/api/v2/files/", { method: "POST", raw: form });
      } catch (error) {
        toast.error(`${file.name}: ${describe(error)}`);
      }
    }
    await queries.invalidateQueries({ queryKey: ["files"] });
  };
  const remove = async (file: StoredFile) => {
    const yes = await confirm({
      title: t.deleteText(fullName(file)),
      text: t.flowsThatUseItWill,
      yes: t.deleteText2,
      danger: true,
    });
    if (!yes) return;
    try {
      await api(`/api/v2/files/${file.id}`, { method: "DELETE" });
      await queries.invalidateQueries({ queryKey: ["files"] });
    } catch (error) {
      toast.error(describe(error));
    }
  };
  const download = async (file: StoredFile) => {
    try {
      saveFile(fullName(file), await (await call(`/api/v2/files/${file.id}`)).blob());
    } catch (error) {
      toast.error(describe(error));
    }
  };
  const found = (files.data ?? []).filter((file) => fullName(file).toLowerCase().includes(search.toLowerCase()));
  return (
    <main className="min-w-0 flex-1 overflow-y-auto p-4 md:p-6">
      <div className="mx-auto max-w-5xl">
        <div className="mb-4 flex items-center justify-between gap-3">
          <h1 data-testid="mainpage_title" className="text-xl font-semibold">
            {t.myFiles}
          </h1>
          <input
            ref={picker}
            type="file"
            multiple
            hidden
            aria-label={t.filesToUpload}
            onChange={(event) => {
              void upload([...(event.target.files ?? [])]);
              event.target.value = "";
            }}
          />
          <Button look="primary" data-testid="upload-file-btn" onClick={() => picker.current?.click()}>
            <Upload size={16} aria-hidden="true" /> {t.upload}
          </Button>
        </div>
        <SearchBox
          testId="search-files-input"
          label={t.searchFiles}
          placeholder={t.searchFiles2}
          value={search}
          onChange={setSearch}
          className="mb-4 max-w-sm"
        />
        {files.isPending ? <Skeleton rows={4} /> : null}
        {files.isError ? <Failed text={describe(files.error)} retry={() => void files.refetch()} /> : null}
        {files.data && found.length === 0 ? (
          <p className="rounded-xl border border-dashed border-line py-10 text-center text-ink-soft">{t.noFiles}</p>
        ) : null}
        <ul data-testid="drag-wrap-component" className="grid gap-2">
          {found.map((file) => (
            <li
              key={file.id}
              data-testid={`file-item-${file.name}`}
              className="flex items-center gap-3 rounded-xl border border-line bg-surface px-3 py-2"
            >
              <FileText size={18} aria-hidden="true" className="shrink-0 text-ink-soft" />
              <div className="min-w-0 flex-1">
                <p title={fullName(file)} className="truncate font-medium">
                  {fullName(file)}
                </p>
                <p className="text-[13px] text-ink-soft">
                  {bytes(file.size)} · {ago(file.updated_at ?? file.created_at)}
                </p>
              </div>
              <IconButton label={t.download(fullName(file))} onClick={() => void download(file)}>
                <Download size={16} aria-hidden="true" />
              </IconButton>
              <IconButton label={t.deleteText3(fullName(file))} onClick={() => void remove(file)}>
                <Trash2 size={16} aria-hidden="true" />
              </IconButton>
            </li>
          ))}
        </ul>
      </div>
    </main>
  );
}
