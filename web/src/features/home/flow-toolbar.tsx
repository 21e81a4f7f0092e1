import { Download, FolderInput, LayoutGrid, List, Trash2 } from "lucide-react";
import type { Project } from "@/api/types";
import { Button, IconButton } from "@/ui/button";
import { Select } from "@/ui/form";
import { Menu } from "@/ui/menu";
import { SearchBox } from "@/ui/search-box";
import { cn } from "@/util/cn";
import { t } from "./messages";
import { type Sort, sorts } from "./sort-flows";

export interface FlowToolbarProps {
  search: string;
  onSearch: (text: string) => void;
  sort: Sort;
  onSort: (sort: Sort) => void;
  grid: boolean;
  onGrid: (grid: boolean) => void;
  /** How many flows are chosen. */
  chosen: number;
  /** Where they can be moved to. */
  projects: Project[];
  onDownload: () => void;
  onMove: (to: Project) => void;
  onDelete: () => void;
}

const isSort = (text: string): text is Sort => text in sorts;

/** Search, order and look of the list, and what can be done with the chosen flows. */
export function FlowToolbar(props: FlowToolbarProps) {
  const { search, onSearch, sort, onSort, grid, onGrid, chosen, projects, onDownload, onMove, onDelete } = props;
  return (
    <div className="mb-4 flex flex-wrap items-center gap-2">
      <SearchBox
        label={t.searchFlows}
        placeholder={t.searchFlows2}
        testId="search-store-input"
        className="min-w-48 flex-1"
        value={search}
        onChange={onSearch}
      />
      <Select
        aria-label={t.sortBy}
        data-testid="sort-flows"
        className="w-36"
        value={sort}
        onChange={(event) => isSort(event.target.value) && onSort(event.target.value)}
      >
        {Object.entries(sorts).map(([key, label]) => (
          <option key={key} value={key}>
            {label}
          </option>
        ))}
      </Select>
      {/* On a phone both look alike. */}
      <div className="hidden sm:flex">
        <IconButton
          label={t.asAList}
          aria-pressed={!grid}
          className={cn(!grid && "bg-sunken")}
          onClick={() => onGrid(false)}
        >
          <List size={16} aria-hidden="true" />
        </IconButton>
        <IconButton
          label={t.asAGrid}
          aria-pressed={grid}
          className={cn(grid && "bg-sunken")}
          onClick={() => onGrid(true)}
        >
          <LayoutGrid size={16} aria-hidden="true" />
        </IconButton>
      </div>
      {chosen > 0 ? (
        <>
          <Button size="sm" data-testid="download-bulk-btn" onClick={onDownload}>
            <Download size={15} aria-hidden="true" /> {t.download} {chosen}
          </Button>
          {projects.length > 0 ? (
            <Menu
              trigger={
                <Button size="sm" data-testid="move-bulk-btn">
                  <FolderInput size={15} aria-hidden="true" /> {t.move} {chosen}
                </Button>
              }
              items={projects.map((project) => ({
                label: project.name,
                testId: `move-to-${project.id}`,
                onSelect: () => onMove(project),
              }))}
            />
          ) : null}
          <Button size="sm" look="danger" data-testid="delete-bulk-btn" onClick={onDelete}>
            <Trash2 size={15} aria-hidden="true" /> {t.deleteText} {chosen}
          </Button>
        </>
      ) : null}
    </div>
  );
}
