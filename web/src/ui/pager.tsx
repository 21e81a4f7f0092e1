import { Button } from "./button";
import { Select } from "./form";

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
  const pages = Math.max(1, Math.ceil(total / size));
  const [one, several] = noun;
  const count = `${total} ${total === 1 ? one : several}`;
  return (
    <nav aria-label="Pages" className="flex flex-wrap items-center justify-between gap-3 text-sm">
      <span data-testid={testId}>
        {total === 0 ? count : `${page * size + 1}–${Math.min(total, (page + 1) * size)} of ${count}`}
      </span>
      <span className="flex items-center gap-2">
        {sizes && onSize ? (
          <Select
            aria-label="Rows per page"
            className="w-20"
            value={size}
            onChange={(event) => onSize(Number(event.target.value))}
          >
            {sizes.map((option) => (
              <option key={option}>{option}</option>
            ))}
          </Select>
        ) : null}
        <Button size="sm" disabled={page === 0} onClick={() => onPage(page - 1)}>
          Back
        </Button>
        <span>
          Page {page + 1} of {pages}
        </span>
        <Button size="sm" disabled={page + 1 >= pages} onClick={() => onPage(page + 1)}>
          Next
        </Button>
      </span>
    </nav>
  );
}
