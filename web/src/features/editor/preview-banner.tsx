import { useState } from "react";
import { goInside, namesOf } from "@/actions/look-inside";
import type { FlowVersion } from "@/api/types";
import { useEditor } from "@/stores/editor";
import { useView } from "@/stores/view";
import { Button } from "@/ui/button";
import { t } from "./messages";
import { restoreVersion } from "./versions-dialog";

/** Says that something is only looked at, and leads back: an older version, or the inside of a group. */
export default function PreviewBanner() {
  const shelved = useEditor((state) => state.shelved);
  const flowId = useEditor((state) => state.meta?.id);
  const version = useView((state) => state.previewed);
  if (!shelved || !flowId) return null;
  if (version) return <OfVersion flowId={flowId} title={shelved.title} version={version} />;
  const inside = shelved.inside ?? [];
  const names = namesOf(shelved.document, inside);
  return (
    <nav
      aria-label={t.insideAGroup}
      data-testid="inside-group-banner"
      className="flex flex-wrap items-center gap-1.5 border-b border-line bg-accent-soft px-4 py-2 text-sm text-accent"
    >
      <button type="button" data-testid="leave-group" className="font-medium underline" onClick={() => goInside([])}>
        {t.theFlow}
      </button>
      {names.map((name, depth) => (
        <span key={inside[depth]} className="flex items-center gap-1.5">
          <span aria-hidden="true">›</span>
          {depth === names.length - 1 ? (
            <span aria-current="page" className="font-medium">
              {name}
            </span>
          ) : (
            <button type="button" className="underline" onClick={() => goInside(inside.slice(0, depth + 1))}>
              {name}
            </button>
          )}
        </span>
      ))}
      <span className="ml-2 text-ink-soft">{t.valuesAreSetOnThe}</span>
    </nav>
  );
}

function OfVersion({ flowId, title, version }: { flowId: string; title: string; version: FlowVersion }) {
  const [isBusy, setIsBusy] = useState(false);
  const { endPreview } = useEditor.getState();
  const restore = async () => {
    setIsBusy(true);
    endPreview();
    await restoreVersion(flowId, version);
  };
  return (
    <div
      role="status"
      data-testid="version-preview-banner"
      className="flex flex-wrap items-center gap-3 border-b border-line bg-accent-soft px-4 py-2 text-sm text-accent"
    >
      <span className="min-w-0 flex-1">{t.youAreLookingAtNothing(title)}</span>
      <Button size="sm" look="primary" busy={isBusy} onClick={() => void restore()}>
        {t.restoreThisVersion}
      </Button>
      <Button size="sm" data-testid="end-preview" onClick={endPreview}>
        {t.backToTheFlow}
      </Button>
    </div>
  );
}
