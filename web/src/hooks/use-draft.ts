import { useEffect, useRef, useState } from "react";

const WAIT_MS = 250;

/**
 * Text that is typed here first and handed on a moment later, so that the whole canvas does not follow
 * every key. Leaving the box hands it on at once; a change from outside wins over an idle box.
 */
export function useDraft<T>(value: T, commit: (value: T) => void) {
  const [draft, setDraft] = useState<{ text: T } | undefined>();
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const pending = useRef<{ text: T; commit: (value: T) => void }>(undefined);

  const flush = () => {
    clearTimeout(timer.current);
    const last = pending.current;
    pending.current = undefined;
    if (last) last.commit(last.text);
    setDraft(undefined);
  };
  const flushRef = useRef(flush);
  flushRef.current = flush;
  useEffect(() => () => flushRef.current(), []);

  return {
    text: draft ? draft.text : value,
    change: (text: T) => {
      setDraft({ text });
      pending.current = { text, commit };
      clearTimeout(timer.current);
      timer.current = setTimeout(() => {
        const last = pending.current;
        pending.current = undefined;
        if (last) last.commit(last.text);
      }, WAIT_MS);
    },
    flush,
  };
}
