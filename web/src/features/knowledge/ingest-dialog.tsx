import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Upload, X } from "lucide-react";
import { useRef, useState } from "react";
import {
  type ChunkRules,
  ingest,
  ingestRunsQuery,
  type KnowledgeBase,
  knowledgeBasesQuery,
  previewChunks,
} from "@/api/knowledge";
import { Button, IconButton } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { Notice } from "@/ui/notice";
import { TextField } from "@/ui/text-field";
import { bytes } from "@/util/bytes";
import { cn } from "@/util/cn";
import { describe } from "@/util/describe";
import { t } from "./messages";

const usual: ChunkRules = { size: 1000, overlap: 200, separator: "\\n" };

/** Documents go into a knowledge base: chosen, cut, and followed until they are in. */
export function IngestDialog({ base, onClose }: { base: KnowledgeBase; onClose: () => void }) {
  const queries = useQueryClient();
  const picker = useRef<HTMLInputElement>(null);
  const [files, setFiles] = useState<File[]>([]);
  const [over, setOver] = useState(false);
  const [rules, setRules] = useState(usual);
  const isBad = !(rules.size >= 1) || !(rules.overlap >= 0) || rules.overlap >= rules.size;
  const preview = useMutation({ mutationFn: () => previewChunks(files, rules) });
  const start = useMutation({
    mutationFn: () => ingest(base.name, files, rules),
    onSuccess: () => queries.invalidateQueries({ queryKey: knowledgeBasesQuery.queryKey }),
  });
  const add = (list: FileList | null) => {
    setFiles((old) => [...old, ...(list ?? [])]);
    preview.reset();
  };
  const number = (key: "size" | "overlap") => (text: string) => setRules({ ...rules, [key]: Number(text) });

  if (start.isSuccess) return <Progress base={base} onClose={onClose} />;
  return (
    <Dialog
      open
      onClose={onClose}
      size="md"
      title={t.addDocumentsTo(base.name)}
      footer={
        <>
          <Button onClick={onClose}>{t.cancel}</Button>
          <Button
            data-testid="kb-preview-button"
            disabled={files.length === 0 || isBad}
            busy={preview.isPending}
            onClick={() => preview.mutate()}
          >
            {t.previewThePieces}
          </Button>
          <Button
            look="primary"
            data-testid="kb-ingest-button"
            disabled={files.length === 0 || isBad}
            busy={start.isPending}
            onClick={() => start.mutate()}
          >
            {t.add}
          </Button>
        </>
      }
    >
      <div className="grid gap-4">
        {start.isError ? <Notice tone="danger">{describe(start.error)}</Notice> : null}
        {preview.isError ? <Notice tone="danger">{describe(preview.error)}</Notice> : null}
        <input
          ref={picker}
          type="file"
          multiple
          hidden
          aria-label={t.documents}
          data-testid="kb-file-input"
          onChange={(event) => {
            add(event.target.files);
            event.target.value = "";
          }}
        />
        <button
          type="button"
          data-testid="kb-browse-btn"
          onClick={() => picker.current?.click()}
          onDragOver={(event) => {
            event.preventDefault();
            setOver(true);
          }}
          onDragLeave={() => setOver(false)}
          onDrop={(event) => {
            event.preventDefault();
            setOver(false);
            add(event.dataTransfer.files);
          }}
          className={cn(
            "grid justify-items-center gap-1 rounded-xl border border-dashed px-4 py-6 text-sm text-ink-soft hover:border-accent",
            over ? "border-accent" : "border-line-strong",
          )}
        >
          <Upload size={18} aria-hidden="true" />
          {t.dropDocumentsHereOrChoose}
        </button>
        <ul className="grid gap-1">
          {files.map((file, index) => (
            <li key={`${file.name} ${file.size} ${file.lastModified}`} className="flex items-center gap-2 text-sm">
              <span className="min-w-0 flex-1 truncate">{file.name}</span>
              <span className="text-[13px] text-ink-soft">{bytes(file.size)}</span>
              <IconButton
                label={t.leaveOut(file.name)}
                onClick={() => setFiles(files.filter((_, other) => other !== index))}
              >
                <X size={14} aria-hidden="true" />
              </IconButton>
            </li>
          ))}
        </ul>
        <details>
          <summary className="text-[13px] font-medium">{t.howDocumentsAreCut}</summary>
          <div className="mt-3 grid items-start gap-3 sm:grid-cols-3">
            <TextField
              label={t.charactersOfAPiece}
              type="number"
              min={1}
              testId="kb-chunk-size-input"
              value={String(rules.size)}
              onChange={number("size")}
            />
            <TextField
              label={t.sharedWithTheNext}
              type="number"
              min={0}
              testId="kb-chunk-overlap-input"
              error={isBad ? t.lessThanAPieceHas : undefined}
              value={String(rules.overlap)}
              onChange={number("overlap")}
            />
            <TextField
              label={t.cutAt}
              hint={t.nIsANewLine}
              value={rules.separator}
              onChange={(separator) => setRules({ ...rules, separator })}
            />
          </div>
        </details>
        {preview.data?.map((file) => (
          <section key={file.file_name} aria-label={t.piecesOf(file.file_name)} className="grid gap-2">
            <h3 className="text-sm font-semibold">
              {file.file_name}: {file.total_chunks === 1 ? t.n1Piece : t.pieces3(file.total_chunks)}
            </h3>
            {file.preview_chunks.map((chunk) => (
              <p key={chunk.index} className="line-clamp-4 rounded-lg bg-sunken p-2 text-[13px]">
                {chunk.content}
              </p>
            ))}
          </section>
        ))}
      </div>
    </Dialog>
  );
}

/** Follows what was just started to its end. */
function Progress({ base, onClose }: { base: KnowledgeBase; onClose: () => void }) {
  const bases = useQuery(knowledgeBasesQuery);
  const now = bases.data?.find((other) => other.name === base.name);
  const isRunning = !now || now.status === "ingesting";
  const runs = useQuery(ingestRunsQuery(base.name, isRunning));
  const run = runs.data?.runs[0];
  const total = run?.total_items ?? 0;
  const done = (run?.succeeded ?? 0) + (run?.failed ?? 0);
  const problem = now?.status === "failed" ? (now.failure_reason ?? run?.error_message) : run?.error_message;
  return (
    <Dialog
      open
      onClose={onClose}
      title={t.documentsFor(base.name)}
      footer={
        <Button look="primary" onClick={onClose}>
          {isRunning ? t.goOnInTheBackground : t.done}
        </Button>
      }
    >
      <div className="grid gap-3" data-testid="kb-progress" data-state={now?.status ?? "ingesting"}>
        <p role="status">{isRunning ? t.takingInDocuments : problem ? t.itDidNotWork : t.piecesAreIn(now.chunks)}</p>
        <progress
          className="h-2 w-full accent-[var(--accent)]"
          aria-label={t.documentsTakenIn}
          max={Math.max(1, total)}
          value={isRunning && total === 0 ? undefined : isRunning ? done : Math.max(1, total)}
        />
        {total > 0 ? (
          <p className="text-[13px] text-ink-soft">
            {t.ofDocuments(done, total, run?.failed ? t.failed(run.failed) : "")}
          </p>
        ) : null}
        {problem ? <Notice tone="danger">{problem}</Notice> : null}
      </div>
    </Dialog>
  );
}
