import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { ChevronLeft } from "lucide-react";
import { useDeferredValue, useState } from "react";
import { chunksQuery } from "@/api/knowledge";
import { Pager } from "@/ui/pager";
import { SearchBox } from "@/ui/search-box";
import { Failed, Skeleton } from "@/ui/skeleton";
import { describe } from "@/util/describe";
import { asText } from "@/util/json";
import { t } from "./messages";

const SIZE = 20;

/** What is in a knowledge base, piece by piece. */
export function ChunksPage({ name }: { name: string }) {
  const [search, setSearch] = useState("");
  const [page, setPage] = useState(0);
  const wanted = useDeferredValue(search.trim());
  const chunks = useQuery({ ...chunksQuery(name, page + 1, SIZE, wanted), placeholderData: keepPreviousData });
  return (
    <main className="min-w-0 flex-1 overflow-y-auto p-4 md:p-6">
      <div className="mx-auto grid max-w-5xl gap-4">
        <div>
          <Link to="/assets/knowledge-bases" className="inline-flex items-center gap-1 text-sm text-accent underline">
            <ChevronLeft size={15} aria-hidden="true" /> {t.allKnowledgeBases}
          </Link>
          <h1 data-testid="mainpage_title" className="mt-1 text-xl font-semibold">
            {name}
          </h1>
        </div>
        <SearchBox
          label={t.searchThePieces}
          placeholder={t.searchThePieces2}
          className="max-w-sm"
          value={search}
          onChange={(text) => {
            setSearch(text);
            setPage(0);
          }}
        />
        {chunks.isPending ? <Skeleton rows={5} label={t.loadingThePieces} /> : null}
        {chunks.isError ? <Failed text={describe(chunks.error)} retry={() => void chunks.refetch()} /> : null}
        {chunks.data?.chunks.length === 0 ? (
          <p className="rounded-xl border border-dashed border-line py-10 text-center text-ink-soft">
            {wanted ? t.noPieceHasTheseWords : t.thereIsNothingInIt}
          </p>
        ) : null}
        <ul className="grid gap-3" aria-label={t.pieces}>
          {chunks.data?.chunks.map((chunk) => (
            <li key={chunk.id} className="rounded-xl border border-line bg-surface p-3">
              <p className="whitespace-pre-wrap break-words text-sm">{chunk.content}</p>
              <p className="mt-2 flex flex-wrap gap-x-3 text-xs text-ink-soft">
                <span>{t.characters(chunk.char_count)}</span>
                {Object.entries(chunk.metadata ?? {}).map(([key, value]) => (
                  <span key={key} className="break-all">
                    {key}: {asText(value)}
                  </span>
                ))}
              </p>
            </li>
          ))}
        </ul>
        <Pager page={page} size={SIZE} total={chunks.data?.total ?? 0} noun={[t.piece, t.pieces2]} onPage={setPage} />
      </div>
    </main>
  );
}
