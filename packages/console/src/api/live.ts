import type { QueryClient } from "@tanstack/react-query";
import type { Change } from "@uniview/api";
import { API_PREFIX, EVENTS_PATH } from "@uniview/api/contract";
import { useSyncExternalStore } from "react";

export type Connection = "connecting" | "live" | "lost";

/** Changes come in bursts: one read answers all that came within this time. */
const GATHER_MS = 300;
const RETRY_MS = 3_000;

const watchers = new Set<() => void>();
let connection: Connection = "connecting";

/** Whether changes arrive as they happen. */
export function useConnection(): Connection {
  return useSyncExternalStore(
    (watcher) => {
      watchers.add(watcher);
      return () => watchers.delete(watcher);
    },
    () => connection,
  );
}

/**
 * Follows the server's changes until told to stop: what changed is read again. The browser's own `EventSource`
 * tells when the connection stands, which a stream without events cannot.
 */
export function followChanges(queries: QueryClient): () => void {
  const gathered = gather(queries);
  let source: EventSource | undefined;
  let retry: ReturnType<typeof setTimeout> | undefined;

  const connect = () => {
    source = new EventSource(API_PREFIX + EVENTS_PATH);
    source.onopen = () => {
      // whatever happened while nobody listened
      if (connection === "lost") void queries.invalidateQueries();
      become("live");
    };
    source.onerror = () => {
      become("lost");
      if (source?.readyState === EventSource.CLOSED) retry = setTimeout(connect, RETRY_MS);
    };
    for (const type of ["job", "resource", "site"] satisfies Change["type"][]) {
      source.addEventListener(type, ({ data }) => gathered.add(JSON.parse(data) as Change));
    }
  };
  connect();

  return () => {
    clearTimeout(retry);
    gathered.stop();
    source?.close();
    become("connecting");
  };
}

/** The keys of the queries that a change makes old. */
export function keysOf(change: Change): readonly (readonly string[])[] {
  switch (change.type) {
    case "job":
      return [["jobs"], ["job", change.id]];
    case "site":
      return [["sites"]];
    case "resource":
      return [
        ["list", change.kind],
        change.id === null
          ? ["resource", change.kind, change.site]
          : ["resource", change.kind, change.site, change.id],
      ];
  }
}

function gather(queries: QueryClient) {
  const keys = new Map<string, readonly string[]>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const flush = () => {
    timer = undefined;
    for (const queryKey of keys.values()) void queries.invalidateQueries({ queryKey });
    keys.clear();
  };
  return {
    add(change: Change) {
      for (const key of keysOf(change)) keys.set(key.join("\n"), key);
      timer ??= setTimeout(flush, GATHER_MS);
    },
    stop: () => clearTimeout(timer),
  };
}

function become(state: Connection): void {
  connection = state;
  for (const watcher of watchers) watcher();
}
