import type { Logger } from "pino";
import type { Database } from "../db/database.ts";
import type { Feature } from "../feature.ts";
import { createRecorder, type Recorder } from "./recorder.ts";
import { registerAudit } from "./routes.ts";
import { createAuditStore } from "./store.ts";

export interface Audit extends Feature {
  readonly record: Recorder["record"];
}

/** Who changed what, in a log that only grows and whose rows vouch for each other. */
export function createAudit({ database, log }: { database: Database; log: Logger }): Audit {
  const store = createAuditStore(database.kysely);
  const recorder = createRecorder(store, log);
  return {
    name: "audit",
    record: recorder.record,
    register: (app) => registerAudit(app, store, recorder),
    close: recorder.close,
  };
}
