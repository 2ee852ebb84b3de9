import { randomUUID } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createEngine, type Engine, type Workflow } from "@uniview/workflow";
import type { Core, Feature } from "../feature.ts";
import { registerJobRoutes } from "./routes.ts";
import { createJobService, type JobService } from "./service.ts";

export interface Jobs extends Feature {
  readonly engine: Engine;
  readonly service: JobService;
}

/** The engine with every workflow of this server, and what people see of their jobs. */
export async function createJobs<Deps>(
  { database, log, config }: Core,
  workflows: readonly Workflow<never, unknown, Deps>[],
  deps: Deps,
): Promise<Jobs> {
  const engine = createEngine({
    pool: database.pool,
    workflows,
    deps,
    executor_id: await readExecutorId(config.data_dir),
    on_warning: (message) => log.warn(message),
  });
  const service = createJobService(engine);
  return {
    name: "jobs",
    engine,
    service,
    register: (app) => registerJobRoutes(app, service),
    start: () => engine.launch(),
    close: () => engine.close(),
  };
}

/** Who this process is over all restarts: jobs that it had not finished go on by it. */
async function readExecutorId(data_dir: string): Promise<string> {
  const file = join(data_dir, "executor-id");
  await mkdir(data_dir, { recursive: true });
  await writeFile(file, `${randomUUID()}\n`, { flag: "wx" }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "EEXIST") throw error;
  });
  return (await readFile(file, "utf8")).trim();
}
