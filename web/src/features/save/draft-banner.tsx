import { useEditor } from "@/stores/editor";
import { Button } from "@/ui/button";
import { longTime } from "@/util/time";
import { type Draft, dropDraft } from "./draft";
import { t } from "./messages";

/** Offers what an earlier visit could not save. Nothing is taken over by itself. */
export function DraftBanner({ draft, onDone }: { draft: Draft; onDone: () => void }) {
  const flowId = useEditor((state) => state.meta?.id);
  const restore = () => {
    useEditor.getState().change(() => draft.document);
    onDone();
  };
  const drop = () => {
    if (flowId) dropDraft(flowId);
    onDone();
  };
  return (
    <div
      role="status"
      data-testid="restore-draft-banner"
      className="flex flex-wrap items-center gap-3 border-b border-line bg-warn-soft px-4 py-2 text-sm text-warn"
    >
      <span className="min-w-0 flex-1">
        {t.changesOfNeverReachedThe(longTime(new Date(draft.savedAt).toISOString()))}
      </span>
      <Button size="sm" look="primary" data-testid="restore-draft-button" onClick={restore}>
        {t.restore}
      </Button>
      <Button size="sm" data-testid="drop-draft-button" onClick={drop}>
        {t.drop}
      </Button>
    </div>
  );
}
