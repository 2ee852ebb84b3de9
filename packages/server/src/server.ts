import { pino } from "pino";
import { createAudit } from "./audit/feature.ts";
import { createCapabilities } from "./capabilities/feature.ts";
import type { Config } from "./config.ts";
import { openDatabase } from "./db/database.ts";
import { createEventHub } from "./events/hub.ts";
import { createEvents } from "./events/routes.ts";
import type { Core, Feature } from "./feature.ts";
import { createGateway } from "./gateway/feature.ts";
import { attachToNamesake } from "./gateway/projects/attach.ts";
import { registerApiReference } from "./http/api-reference.ts";
import { type AnsweredRoute, createApp } from "./http/app.ts";
import { registerConsole } from "./http/console-files.ts";
import { registerHealth } from "./http/health.ts";
import { createOnceByKey } from "./http/idempotency.ts";
import { createIdentity } from "./identity/feature.ts";
import { countResources } from "./inventory/counts.ts";
import { createInventory } from "./inventory/feature.ts";
import { createJobs } from "./jobs/feature.ts";
import { coldMigration } from "./migration/cold-migration.workflow.ts";
import { createMigration, migrationDeps } from "./migration/feature.ts";
import { createSealer } from "./secrets/sealer.ts";
import { readSecretKey } from "./secrets/secret-key.ts";
import { createSites } from "./sites/feature.ts";
import { createTransfers } from "./transfers/create-transfers.ts";

export interface RunningServer {
  /** Where it listens. */
  readonly url: string;
  /** The one-time link that creates the first administrator, while there is none. */
  readonly setup_link: string | undefined;
  readonly routes: readonly AnsweredRoute[];
  close(): Promise<void>;
}

/** The composition root: opens, wires and starts everything; on any failure closes again what it opened. */
export async function createServer(config: Config): Promise<RunningServer> {
  await using opened = new AsyncDisposableStack();
  const log = pino({ level: config.log_level, base: null, timestamp: pino.stdTimeFunctions.isoTime });
  const sealer = createSealer(await readSecretKey(config));
  const database = await openDatabase({ url: config.database_url, data_dir: config.data_dir });
  opened.defer(() => database.close());
  const events = await createEventHub(database, log);
  opened.defer(() => events.close());

  const audit = createAudit({ database, log });
  const identity = createIdentity({ database, events, sealer });
  const sites = createSites({
    log,
    database,
    sealer,
    events,
    countResources: (ids) => countResources(database.kysely, ids),
    attachProject: attachToNamesake,
  });
  const core: Core = { config, log, database, sealer, events, sites: sites.service, audit };
  const inventory = createInventory(core);
  const transfers = createTransfers({
    data_dir: config.data_dir,
    on_log: (line) => log.debug({ mover: line }, "mover"),
  });
  opened.defer(() => transfers.close());
  const jobs = await createJobs(core, [coldMigration], migrationDeps(core, inventory.reader, transfers));
  const features: readonly Feature[] = [
    audit,
    identity,
    sites,
    inventory,
    createEvents(core),
    jobs,
    createMigration(core, inventory.service, jobs),
    createCapabilities(core),
    await createGateway(core),
    // further features: create<Feature>(core), started in this order and closed in the reverse one
  ];

  const app = await createApp({
    log,
    authenticate: identity.authenticate,
    record: audit.record,
    onceByKey: createOnceByKey(database.kysely, sealer),
    public_url: config.public_url,
    trusted_proxies: config.trusted_proxies,
    check_answers: config.check_answers,
  });
  registerHealth(app, () => database.pool.query("select 1"));
  registerApiReference(app);
  await registerConsole(app, config.console_dir);
  for (const feature of features) feature.register(app);
  for (const feature of features) {
    opened.defer(async () => feature.close?.());
    await feature.start?.();
  }
  // first to go: nobody new comes in while the features end
  opened.defer(() => app.fastify.close());
  const url = await app.fastify.listen({ host: config.host, port: config.port });
  const setup_path = await identity.service.newSetupPath();
  const setup_link = setup_path && (config.public_url ?? url) + setup_path;
  const closing = opened.move();
  return { url, setup_link, routes: app.routes, close: () => closing.disposeAsync() };
}
