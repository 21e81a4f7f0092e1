import { useState } from "react";
import { useKeymap } from "@/actions/keymap";
import { isFit, keysIn, type Shortcut, shortcuts, showKeys, spell, takenBy } from "@/actions/shortcuts";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { Notice } from "@/ui/notice";
import { Table } from "@/ui/table";
import { t } from "./messages";

/** The keys of the editor; other ones are kept in this browser. */
export default function Shortcuts() {
  const { own, set, reset } = useKeymap();
  const [changed, setChanged] = useState<Shortcut>();
  return (
    <div className="grid gap-4">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <p className="text-sm text-ink-soft">{t.otherKeysAreKept}</p>
        <Button size="sm" data-testid="restore-shortcuts" disabled={Object.keys(own).length === 0} onClick={reset}>
          {t.restoreAllKeys}
        </Button>
      </div>
      <Table
        label={t.keyboardShortcuts}
        rows={[...shortcuts]}
        keyOf={(row) => row.id}
        columns={[
          { key: "label", title: t.action, cell: (row) => row.label },
          {
            key: "keys",
            title: t.keys,
            cell: (row) => (
              <span className="flex flex-wrap gap-2">
                {keysIn(row, own).map((keys) => (
                  <Keys key={keys} keys={keys} />
                ))}
              </span>
            ),
          },
          {
            key: "actions",
            title: t.changeKeys,
            cell: (row) => (
              <span className="flex gap-2">
                <Button
                  size="sm"
                  data-testid={`change-shortcut-${row.id}`}
                  aria-label={t.changeTheKeysOf(row.label)}
                  onClick={() => setChanged(row)}
                >
                  {t.change}
                </Button>
                {own[row.id] ? (
                  <Button size="sm" aria-label={t.restoreTheKeysOf(row.label)} onClick={() => set(row.id, undefined)}>
                    {t.restoreKeys}
                  </Button>
                ) : null}
              </span>
            ),
          },
        ]}
      />
      {changed ? <KeysDialog shortcut={changed} onClose={() => setChanged(undefined)} /> : null}
    </div>
  );
}

function Keys({ keys }: { keys: string }) {
  return (
    <kbd className="rounded border border-line bg-sunken px-1.5 py-0.5 font-mono text-[13px]">{showKeys(keys)}</kbd>
  );
}

function KeysDialog({ shortcut, onClose }: { shortcut: Shortcut; onClose: () => void }) {
  const { own, set } = useKeymap();
  const [pressed, setPressed] = useState<string>();
  const other = pressed && takenBy(pressed, shortcut.id, own);
  const isUnfit = pressed !== undefined && !isFit(pressed);
  return (
    <Dialog
      open
      onClose={onClose}
      title={shortcut.label}
      footer={
        <>
          <Button onClick={onClose}>{t.cancel}</Button>
          <Button
            look="primary"
            data-testid="save-shortcut"
            disabled={!pressed || Boolean(other) || isUnfit}
            onClick={() => {
              if (pressed) set(shortcut.id, [pressed]);
              onClose();
            }}
          >
            {t.save}
          </Button>
        </>
      }
    >
      <div className="grid gap-3">
        <input
          autoFocus
          readOnly
          aria-label={t.pressTheNewKeys}
          data-testid="shortcut-keys"
          placeholder={t.pressTheNewKeys}
          className="rounded-lg border border-line bg-surface px-3 py-6 text-center font-mono text-lg"
          value={pressed === undefined ? "" : showKeys(pressed)}
          onKeyDown={(event) => {
            const keys = spell(event);
            // Ways out stay ways out.
            if (event.key === "Tab" || event.key === "Escape") return;
            event.preventDefault();
            if (!/^(Control|Shift|Alt|Meta)$/.test(event.key)) setPressed(keys);
          }}
        />
        {other ? <Notice tone="danger">{t.theseKeysBelongTo(other.label)}</Notice> : null}
        {isUnfit ? <Notice tone="danger">{t.theseKeysCannotBeGiven}</Notice> : null}
      </div>
    </Dialog>
  );
}
