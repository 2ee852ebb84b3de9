import { useSyncExternalStore } from "react";

/** Every age on a page is counted by the same clock, so that they change together and once a second at most. */
const TICK_MS = 1000;

const watchers = new Set<() => void>();
let now = Date.now();
let timer: ReturnType<typeof setInterval> | undefined;

function watch(watcher: () => void): () => void {
  watchers.add(watcher);
  timer ??= setInterval(tick, TICK_MS);
  return () => {
    watchers.delete(watcher);
    if (watchers.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

function tick(): void {
  now = Date.now();
  for (const watcher of watchers) watcher();
}

/** The present, in steps of `step_ms`: a component that shows minutes asks for minutes and renders no more often. */
export function useNow(stepMs = TICK_MS): number {
  return useSyncExternalStore(watch, () => {
    if (timer === undefined) now = Date.now(); // nobody watched: the last tick may be long ago
    return Math.floor(now / stepMs) * stepMs;
  });
}
