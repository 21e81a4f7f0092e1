import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { FilePlus2, Plus, Square } from "lucide-react";
import { useState } from "react";
import { cancelIngest, deleteBases, type KnowledgeBase, knowledgeBasesQuery } from "@/api/knowledge";
import { useRemove } from "@/hooks/use-remove";
import { useSelection } from "@/hooks/use-selection";
import { Button, IconButton } from "@/ui/button";
import { Records } from "@/ui/records";
import { SearchBox } from "@/ui/search-box";
import { bytes } from "@/util/bytes";
import { cn } from "@/util/cn";
import { IngestDialog } from "./ingest-dialog";
import { t } from "./messages";
import { NewBaseDialog } from "./new-base-dialog";

/** All knowledge bases of the user. */
export function KnowledgePage() {
  const bases = useQuery(knowledgeBasesQuery);
  const selection = useSelection();
  const remove = useRemove();
  const [search, setSearch] = useState("");
  const [isNew, setIsNew] = useState(false);
  const [fed, setFed] = useState<KnowledgeBase>();
  const rows = (bases.data ?? []).filter(({ name }) => name.toLowerCase().includes(search.trim().toLowerCase()));
  const chosen = rows.filter((base) => selection.has(base.id));
  const removeChosen = async () => {
    const done = await remove({
      question: {
        title: chosen.length === 1 ? t.deleteTheKnowledgeBase(chosen[0]?.name) : t.deleteKnowledgeBases(chosen.length),
        text: t.flowsThatSearchThemWill(chosen.map((base) => t.baseAndChunks(base.name, base.chunks)).join("\n")),
        yes: t.deleteText,
      },
      run: () => deleteBases(chosen.map((base) => base.name)),
      done: chosen.length === 1 ? t.knowledgeBaseDeleted : t.knowledgeBasesDeleted(chosen.length),
      stale: [knowledgeBasesQuery.queryKey],
    });
    if (done) selection.clear();
  };
  return (
    <main className="min-w-0 flex-1 overflow-y-auto p-4 md:p-6">
      <div className="mx-auto grid max-w-5xl gap-4">
        <div className="flex flex-wrap items-center justify-between gap-3">
          <div>
            <h1 data-testid="mainpage_title" className="text-xl font-semibold">
              {t.knowledge}
            </h1>
            <p className="text-sm text-ink-soft">{t.documentsCutIntoPiecesThat}</p>
          </div>
          <Button look="primary" data-testid="create-knowledge-btn" onClick={() => setIsNew(true)}>
            <Plus size={16} aria-hidden="true" /> {t.newKnowledgeBase}
          </Button>
        </div>
        <div className="flex flex-wrap gap-2">
          <SearchBox
            label={t.searchKnowledgeBases}
            placeholder={t.search}
            className="min-w-48 max-w-sm flex-1"
            value={search}
            onChange={setSearch}
          />
          <Button
            look="danger"
            data-testid="bulk-delete-btn"
            disabled={chosen.length === 0}
            onClick={() => void removeChosen()}
          >
            {t.deleteText2(chosen.length > 0 ? ` ${chosen.length}` : "")}
          </Button>
        </div>
        <Records
          label={t.knowledgeBases}
          loading={bases}
          rows={rows}
          keyOf={(base) => base.id}
          empty={search ? t.noKnowledgeBaseOfThis : t.noKnowledgeBasesYet}
          select={{ selection, nameOf: (base) => base.name }}
          columns={[
            {
              key: "name",
              title: t.name,
              cell: (base) => (
                <Link
                  to="/assets/knowledge-bases/$name/chunks"
                  params={{ name: base.name }}
                  className="font-medium text-accent underline"
                >
                  {base.name}
                </Link>
              ),
            },
            {
              key: "model",
              title: t.embeddingModel,
              cell: (base) => [base.embedding_provider, base.embedding_model].filter(Boolean).join(" · ") || "—",
            },
            { key: "chunks", title: t.chunks, cell: (base) => base.chunks, className: "tabular-nums" },
            { key: "words", title: t.words, cell: (base) => base.words, className: "tabular-nums" },
            { key: "size", title: t.size, cell: (base) => bytes(base.size), className: "whitespace-nowrap" },
            { key: "status", title: t.status, cell: (base) => <Status base={base} /> },
            {
              key: "actions",
              title: <span className="sr-only">{t.actions}</span>,
              className: "whitespace-nowrap text-right",
              cell: (base) => (
                <>
                  {base.status === "ingesting" ? (
                    <IconButton
                      label={t.stopTakingDocumentsInto(base.name)}
                      onClick={() =>
                        void remove({ run: () => cancelIngest(base.name), stale: [knowledgeBasesQuery.queryKey] })
                      }
                    >
                      <Square size={15} aria-hidden="true" />
                    </IconButton>
                  ) : null}
                  <IconButton label={t.addDocumentsTo2(base.name)} onClick={() => setFed(base)}>
                    <FilePlus2 size={15} aria-hidden="true" />
                  </IconButton>
                </>
              ),
            },
          ]}
        />
      </div>
      {isNew ? (
        <NewBaseDialog
          onClose={() => setIsNew(false)}
          onMade={(base) => {
            setIsNew(false);
            setFed(base);
          }}
        />
      ) : null}
      {fed ? <IngestDialog base={fed} onClose={() => setFed(undefined)} /> : null}
    </main>
  );
}

const words: Record<string, string> = {
  empty: t.empty,
  ingesting: t.takingInDocuments2,
  ready: t.ready,
  failed: t.failed2,
};

function Status({ base }: { base: KnowledgeBase }) {
  const isBad = base.status === "failed";
  return (
    <span
      role={base.status === "ingesting" ? "status" : undefined}
      className={cn(isBad && "text-danger", base.status === "ready" && "text-ok")}
    >
      {words[base.status] ?? base.status}
      {isBad && base.failure_reason ? <span className="block text-xs">{base.failure_reason}</span> : null}
    </span>
  );
}
