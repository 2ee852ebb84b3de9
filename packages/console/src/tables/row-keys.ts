import { type KeyboardEvent, useEffect, useRef, useState } from "react";

const PAGE_ROWS = 15;

interface RowKeysOptions {
  readonly count: number;
  readonly scrollTo: (index: number) => void;
  readonly open: (index: number) => void;
}

/** Arrow keys move between rows, Enter opens: one row at a time is in the tab order. */
export function useRowKeys({ count, scrollTo, open }: RowKeysOptions) {
  const [at, setAt] = useState(0);
  const wanted = useRef<HTMLElement | null>(null);

  // the row to focus may be out of sight until it was scrolled to
  useEffect(() => {
    const body = wanted.current;
    if (!body) return;
    wanted.current = null;
    requestAnimationFrame(() => body.querySelector<HTMLElement>(`[data-index="${at}"]`)?.focus());
  }, [at]);

  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const onRow = (event.target as HTMLElement).dataset["index"] !== undefined;
    if (!onRow || event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === "Enter") {
      open(at);
      return;
    }
    const next = rowAfter(event.key, at, count);
    if (next === undefined) return;
    event.preventDefault();
    if (next === at) return;
    wanted.current = event.currentTarget;
    scrollTo(next);
    setAt(next);
  };

  return { at: Math.min(at, Math.max(0, count - 1)), move: setAt, onKeyDown };
}

/** The row that a key leads to; undefined: the key leads nowhere. */
export function rowAfter(key: string, at: number, count: number): number | undefined {
  const last = Math.max(0, count - 1);
  switch (key) {
    case "ArrowDown":
      return Math.min(last, at + 1);
    case "ArrowUp":
      return Math.max(0, at - 1);
    case "PageDown":
      return Math.min(last, at + PAGE_ROWS);
    case "PageUp":
      return Math.max(0, at - PAGE_ROWS);
    case "Home":
      return 0;
    case "End":
      return last;
    default:
      return undefined;
  }
}
