import { useEditor } from "@/stores/editor";
import { useView } from "@/stores/view";
import { Button } from "@/ui/button";
import { t } from "./messages";
import { restoreVersion } from "./versions-dialog";

/** Says that an older version is looked at, and leads back. */
export default function PreviewBanner() {
  const title = useEditor((state) => state.shelved?.title);
  const flowId = useEditor((state) => state.meta?.id);
  const version = useView((state) => state.previewed);
  const { endPreview } = useEditor.getState();
  if (!title || !flowId || !version) return null;
  return (
    <div
      role="status"
      data-testid="version-preview-banner"
      className="flex flex-wrap items-center gap-3 border-b border-line bg-accent-soft px-4 py-2 text-sm text-accent"
    >
      <span className="min-w-0 flex-1">{t.youAreLookingAtNothing(title)}</span>
      <Button
        size="sm"
        look="primary"
        onClick={() => {
          endPreview();
          void restoreVersion(flowId, version);
        }}
      >
        {t.restoreThisVersion}
      </Button>
      <Button size="sm" data-testid="end-preview" onClick={endPreview}>
        {t.backToTheFlow}
      </Button>
    </div>
  );
}
