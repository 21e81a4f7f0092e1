import { NodeResizer } from "@xyflow/react";
import { lazy, memo, Suspense, useState } from "react";
import { updateDef } from "@/flow/ops";
import { useEditor } from "@/stores/editor";
import { cn } from "@/util/cn";
import { asText } from "@/util/json";
import { t } from "./messages";
import type { NodeViewProps } from "./node-view";

const Markdown = lazy(() => import("@/ui/markdown"));

/** Colours of notes, by the names that flows carry. */
const colours: Record<string, string> = {
  amber: "bg-amber-100 dark:bg-[color-mix(in_srgb,var(--color-amber-950)_55%,var(--surface))]",
  neutral: "bg-neutral-100 dark:bg-neutral-900",
  rose: "bg-rose-100 dark:bg-[color-mix(in_srgb,var(--color-rose-950)_55%,var(--surface))]",
  blue: "bg-blue-100 dark:bg-[color-mix(in_srgb,var(--color-blue-950)_55%,var(--surface))]",
  lime: "bg-lime-100 dark:bg-[color-mix(in_srgb,var(--color-lime-950)_55%,var(--surface))]",
  transparent: "bg-transparent",
};

const LIMIT = 2500;

export const NoteNode = memo(function NoteNode({ id, data, selected }: NodeViewProps) {
  const [isEdited, setIsEdited] = useState(false);
  const readOnly = useEditor((state) => state.readOnly);
  const text = data.node.description ?? "";
  const stored = data.node.template.backgroundColor;
  const colour = typeof stored === "string" ? stored : asText(stored?.value) || "amber";
  const change = useEditor((state) => state.change);
  const paint = (name: string) =>
    change((document) => updateDef(document, id, { template: { ...data.node.template, backgroundColor: name } }));
  return (
    <div
      data-testid="note_node"
      className={cn(
        "flex h-full min-h-24 w-full min-w-60 flex-col rounded-xl border p-3 text-sm text-ink",
        selected ? "border-accent" : "border-line",
        colours[colour] ?? "bg-amber-100 dark:bg-[color-mix(in_srgb,var(--color-amber-950)_55%,var(--surface))]",
      )}
    >
      <NodeResizer isVisible={selected && !readOnly} minWidth={240} minHeight={100} />
      {selected && !readOnly ? (
        <fieldset data-testid="color_picker" className="mb-2 flex gap-1">
          <legend className="sr-only">{t.colourOfTheNote}</legend>
          {Object.keys(colours).map((name) => (
            <button
              key={name}
              type="button"
              aria-label={name}
              aria-pressed={colour === name}
              data-testid={`color_picker_button_${name}`}
              className={cn(
                "nodrag h-5 w-5 rounded-full border",
                colours[name],
                colour === name ? "border-accent" : "border-line-strong",
              )}
              onClick={() => paint(name)}
            />
          ))}
        </fieldset>
      ) : null}
      {isEdited ? (
        <textarea
          autoFocus
          aria-label={t.textOfTheNote}
          maxLength={LIMIT}
          defaultValue={text}
          className="nodrag nowheel min-h-0 flex-1 resize-none bg-transparent"
          onBlur={(event) => {
            setIsEdited(false);
            const description = event.target.value;
            if (description !== text) change((document) => updateDef(document, id, { description }));
          }}
          onKeyDown={(event) => (event.key === "Escape" ? event.currentTarget.blur() : undefined)}
        />
      ) : (
        // biome-ignore lint/a11y/noStaticElementInteractions: the button below does the same for keyboards
        <div
          className="nowheel min-h-0 flex-1 overflow-y-auto"
          onDoubleClick={() => (readOnly ? undefined : setIsEdited(true))}
        >
          {text ? (
            <Suspense fallback={<p className="whitespace-pre-wrap">{text}</p>}>
              <Markdown text={text} />
            </Suspense>
          ) : (
            <p className="text-ink-soft">{t.doubleClickToWriteA}</p>
          )}
        </div>
      )}
      {selected && !isEdited && !readOnly ? (
        <button
          type="button"
          className="nodrag mt-1 self-end text-[13px] font-medium underline"
          onClick={() => setIsEdited(true)}
        >
          {t.edit}
        </button>
      ) : null}
    </div>
  );
});
