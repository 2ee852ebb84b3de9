import { setTimeout as pause } from "node:timers/promises";
import type { Change, Client } from "@uniview/api";

/** How often to look although no change was told: a proxy may hold the stream of changes back. */
const LOOK_MS = 2_000;
/** The stream of changes broke: so long until the next try. */
const RECONNECT_MS = 3_000;
/** Changes come in bursts: one look serves all that come so soon after another. */
const CALM_MS = 150;

/**
 * Yields at once, then whenever a change that matters was told, and every `LOOK_MS` in any case.
 * The stream of changes only makes it quicker: without it, looking goes on.
 */
export async function* wakeUps(
  client: Client,
  matters: (change: Change) => boolean,
  signal: AbortSignal,
): AsyncGenerator<void> {
  const over = new AbortController();
  const either = AbortSignal.any([signal, over.signal]);
  let wake = () => {};
  const listening = listen(client, (change) => matters(change) && wake(), either);
  try {
    for (;;) {
      signal.throwIfAborted();
      const told = new Promise<void>((resolve) => {
        wake = resolve;
      });
      yield;
      await Promise.race([told, pause(LOOK_MS, undefined, { signal: either })]);
      await pause(CALM_MS, undefined, { signal: either });
    }
  } finally {
    over.abort();
    await listening;
  }
}

async function listen(client: Client, hear: (change: Change) => void, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      for await (const change of client.changes(signal)) hear(change);
    } catch {
      // whoever reads the thing itself finds out what is wrong and says so
    }
    await pause(RECONNECT_MS, undefined, { signal }).catch(() => {});
  }
}
