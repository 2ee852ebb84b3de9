import { setTimeout as delay } from "node:timers/promises";
import type { Logger } from "pino";
import type { AuditEntry } from "./chain.ts";
import type { AuditStore } from "./store.ts";

/** Entries that wait for the database at most; beyond it they go to the log, which is kept elsewhere. */
const MAX_WAITING = 10_000;
const WRITTEN_AT_ONCE = 500;
const TRY_AGAIN_AFTER_MS = 1_000;

export interface Recorder {
  /** Writes a change down. Does not wait and does not throw: entries of one moment are written together. */
  record(entry: Omit<AuditEntry, "at">): void;
  /** Resolves when everything that was recorded so far is in the database. */
  written(): Promise<void>;
  close(): Promise<void>;
}

export function createRecorder(store: Pick<AuditStore, "append">, log: Logger): Recorder {
  const waiting: AuditEntry[] = [];
  let writing: Promise<void> | undefined;
  let closing = false;

  const write = async () => {
    while (waiting.length > 0) {
      const some = waiting.slice(0, WRITTEN_AT_ONCE);
      try {
        await store.append(some);
        waiting.splice(0, some.length);
      } catch (error) {
        if (closing) {
          for (const entry of waiting.splice(0)) log.error({ err: error, entry }, "not in the audit log");
          return;
        }
        log.warn({ err: error, waiting: waiting.length }, "the audit log cannot be written; trying again");
        await delay(TRY_AGAIN_AFTER_MS, undefined, { ref: false });
      }
    }
  };
  const begin = () => {
    writing ??= write().finally(() => {
      writing = undefined;
      if (waiting.length > 0 && !closing) void begin();
    });
    return writing;
  };

  return {
    record(entry) {
      const dated = { at: new Date().toISOString(), ...entry };
      if (waiting.length >= MAX_WAITING) {
        log.error({ entry: dated }, "not in the audit log: too many wait for the database");
        return;
      }
      waiting.push(dated);
      void begin();
    },
    written: async () => writing ?? Promise.resolve(),
    async close() {
      closing = true;
      await (waiting.length > 0 ? begin() : writing);
    },
  };
}
