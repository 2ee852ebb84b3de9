import { AsyncLocalStorage } from "node:async_hooks";
import { DBOS } from "@dbos-inc/dbos-sdk";
import type pg from "pg";
import type { Ledger } from "./desk.ts";

/** Recovery continues only runs of the same version. Raise it by hand when old runs can no longer be replayed. */
const REPLAY_VERSION = "1";

/** DBOS gives a run up after this many recoveries; ours may outlive any number of restarts. */
const RECOVERIES_ALLOWED = 1_000_000_000;

/** DBOS parses a URL even though it is given a pool; this one is never connected to. */
const UNUSED_URL = "postgresql://uniview@localhost/uniview";

export interface DurableRunsOptions {
  pool: pg.Pool;
  executor_id: string;
  /** Called once per job and process; after a crash called again, with a ledger that remembers. */
  run(job_id: string, ledger: Ledger): Promise<void>;
  warn(message: string): void;
}

export interface DurableRuns {
  /** Starts the run of a job, unless it was started before. */
  start(job_id: string): Promise<void>;
  /** Starts or continues runs that were begun by an executor which is gone. */
  adopt(job_ids: string[]): Promise<void>;
  close(): Promise<void>;
}

let launched = false;

/** All that we use of DBOS: one registered workflow whose argument is a job's id, and steps that are recorded once. */
export async function createDurableRuns(options: DurableRunsOptions): Promise<DurableRuns> {
  if (launched)
    throw new Error("A job engine runs in this process already; close it before launching another.");
  launched = true;
  const ledger: Ledger = { once: (name, act) => DBOS.runStep(act, { name }) };
  const runJob = DBOS.registerWorkflow(async (job_id: string) => options.run(job_id, ledger), {
    name: "job",
    maxRecoveryAttempts: RECOVERIES_ALLOWED,
  });
  const quiet = () => {};
  DBOS.setConfig({
    name: "uniview",
    systemDatabaseUrl: UNUSED_URL,
    systemDatabasePool: options.pool,
    applicationVersion: REPLAY_VERSION,
    executorID: options.executor_id,
    useListenNotify: false, // none of its events are used, and it would hold a connection
    logger: { info: quiet, debug: quiet, warn: quiet, error: (entry) => options.warn(String(entry)) },
  });
  try {
    await DBOS.launch();
  } catch (error) {
    launched = false;
    throw error;
  }
  // A step may start another job: that one is nobody's child, so it is started outside of the step's context.
  const outside = AsyncLocalStorage.snapshot();
  const start = async (job_id: string) => {
    await outside(() => DBOS.startWorkflow(runJob, { workflowID: job_id })(job_id));
  };
  return {
    start,
    async adopt(job_ids) {
      if (job_ids.length === 0) return;
      const begun = await DBOS.listWorkflows({ workflowIDs: job_ids, loadInput: false, loadOutput: false });
      const orphans = begun.filter(
        (run) => run.status === "PENDING" && run.executorId !== options.executor_id,
      );
      await DBOS.resumeWorkflows(orphans.map((run) => run.workflowID));
      // A kill between a job's row and its run leaves the row alone; starting a begun one again changes nothing.
      for (const job_id of job_ids) await start(job_id);
    },
    async close() {
      await DBOS.shutdown({ deregister: true });
      launched = false;
    },
  };
}

/** Whether an error says that another process took this run over, so that this one must not say anything more. */
export function isTakenOver(error: unknown): boolean {
  return error instanceof Error && TAKEN_OVER.has(error.constructor.name);
}

const TAKEN_OVER = new Set(["DBOSWorkflowConflictError", "DBOSWorkflowCancelledError"]);
