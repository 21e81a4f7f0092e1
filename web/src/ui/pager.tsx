import { Button } from "./button";
import { Select } from "./form";
import { t } from "./messages";

export interface PagerProps {
  /** From 0. */
  page: number;
  size: number;
  total: number;
  /** How the things are called: one, several. */
  noun: [one: string, several: string];
  onPage: (page: number) => void;
  sizes?: readonly number[];
  onSize?: (size: number) => void;
  testId?: string;
}

/** Which part of a long list is shown, and the way to the others. */
export function Pager({ page, size, total, noun, onPage, sizes, onSize, testId }: PagerProps) {
  if (total === 0) return null;
  const pages = Math.ceil(total / size);
  const [one, several] = noun;
  const count = `${total} ${total === 1 ? one : several}`;
  return (
    <nav aria-label={t.pages} className="flex flex-wrap items-center justify-between gap-3 text-sm">
      <span data-testid={testId}>{t.of(page * size + 1, Math.min(total, (page + 1) * size), count)}</span>
      <span className="flex items-center gap-2">
        {sizes && onSize ? (
          <Select
            aria-label={t.rowsPerPage}
            className="w-20"
            value={size}
            onChange={(event) => onSize(Number(event.target.value))}
          >
            {sizes.map((option) => (
              <option key={option}>{option}</option>
            ))}
          </Select>
        ) : null}
        {pages > 1 ? (
          <>
            <Button size="sm" disabled={page === 0} onClick={() => onPage(page - 1)}>
              {t.back}
            </Button>
            <span>{t.pageOf(page + 1, pages)}</span>
            <Button size="sm" disabled={page + 1 >= pages} onClick={() => onPage(page + 1)}>
              {t.next}
            </Button>
          </>
        ) : null}
      </span>
    </nav>
  );
}
