import { randomBytes } from "node:crypto";
import { RESOURCE_KINDS } from "@uniview/api";
import { openDatabase } from "@uniview/server/db/database";
import { createEventHub } from "@uniview/server/events/hub";
import type { Principal } from "@uniview/server/http/principal";
import { type Announce, createAnnounce } from "@uniview/server/inventory/announce";
import { countResources } from "@uniview/server/inventory/counts";
import { PACE, type Pace } from "@uniview/server/inventory/intervals";
import { createPageGate } from "@uniview/server/inventory/page-gate";
import { createReader } from "@uniview/server/inventory/reader";
import { createInventoryService, type InventoryService } from "@uniview/server/inventory/service";
import { createSealer } from "@uniview/server/secrets/sealer";
import { createSites } from "@uniview/server/sites/feature";
import { sealLabel } from "@uniview/server/sites/session-pool";
import { pino } from "pino";

/** No loop reads by itself while something is measured: each reading is asked for. */
const NEVER_MS = 3_600_000;
const NO_LOOP: Pace = {
  ...PACE,
  intervals_ms: Object.fromEntries(
    Object.keys(PACE.intervals_ms).map((kind) => [kind, NEVER_MS]),
  ) as Pace["intervals_ms"],
};

/** The product's readers and lists over their own database, put together as the server does. */
export interface Product {
  readonly user: Principal;
  readonly lists: InventoryService;
  query<Row>(statement: string): Promise<Row[]>;
  /** Begins to read; resolves when every site's servers are stored. */
  readFirst(): Promise<void>;
  /** Resolves when the first reading of everything else has ended, too. */
  readRest(): Promise<void>;
  /** Reads the servers of these sites: what changed. */
  refresh(sites: readonly number[]): Promise<void>;
  /** Makes the next reading one of everything, as passes by itself every five minutes. */
  makeFullReadingDue(): Promise<void>;
  close(): Promise<void>;
}

/** @param auth_urls of the sites, which it is told as if their owners had added them */
export async function openProduct(database_url: string, auth_urls: readonly string[]): Promise<Product> {
  const log = pino({ level: "warn" }, pino.destination(2));
  const database = await openDatabase({ url: database_url });
  const db = database.kysely;
  const sealer = createSealer(randomBytes(32));
  const events = await createEventHub(database, log);
  const sites = createSites({
    log,
    database,
    sealer,
    events,
    countResources: (ids) => countResources(db, ids),
    attachProject: async () => {},
  });

  const { id: user_id } = await db
    .insertInto("users")
    .values({ name: "bench", role: "user", password_hash: "none" })
    .returning("id")
    .executeTakeFirstOrThrow();
  const projects: string[] = [];
  for (const [site, auth_url] of auth_urls.entries()) projects.push(await addSite(site, auth_url));

  async function addSite(site: number, auth_url: string): Promise<string> {
    const { id: site_id } = await db
      .insertInto("sites")
      .values({
        name: `site-${String(site).padStart(2, "0")}`,
        auth_url,
        interface: "public",
        discovery: JSON.stringify({ services: [] }),
      })
      .returning("id")
      .executeTakeFirstOrThrow();
    const { id } = await db
      .insertInto("site_projects")
      .values({
        site_id,
        project_id: `project-of-${site}`,
        project_name: "bench",
        domain_name: "Default",
        site_user_id: "u1",
        site_user_name: "bench",
        roles: JSON.stringify(["member"]),
        credential_kind: "password",
        credential_minted: false,
        credential_sealed: Buffer.alloc(0),
      })
      .returning("id")
      .executeTakeFirstOrThrow();
    const auth = {
      type: "password",
      username: "bench",
      password: "bench",
      project_name: "bench",
      user_domain_name: "Default",
      project_domain_name: "Default",
    };
    const credential_sealed = sealer.seal(JSON.stringify(auth), sealLabel(id));
    await db.updateTable("site_projects").set({ credential_sealed }).where("id", "=", id).execute();
    await db.insertInto("grants").values({ user_id, site_project_id: id }).execute();
    return id;
  }

  const firsts = new Map(
    projects.flatMap((id) => RESOURCE_KINDS.map((kind) => [`${id} ${kind}`, Promise.withResolvers<void>()])),
  );
  const tell = createAnnounce(events, log);
  const announce: Announce = (project, kind, ids) => {
    tell(project, kind, ids);
    if (ids === null) firsts.get(`${project.id} ${kind}`)?.resolve();
  };
  const reader = createReader({
    database,
    log,
    gate: createPageGate(),
    pace: NO_LOOP,
    sites: sites.service,
    announce,
  });

  return {
    user: { user_id, name: "bench", role: "user", via: "token", credential_id: user_id },
    lists: createInventoryService({ db, sites: sites.service, reader }),
    query: async <Row>(statement: string) => (await database.pool.query(statement)).rows as Row[],
    async readFirst() {
      await reader.start();
      await Promise.all(projects.map((id) => firsts.get(`${id} servers`)?.promise));
    },
    async readRest() {
      await Promise.all([...firsts.values()].map(({ promise }) => promise));
    },
    async refresh(of) {
      await Promise.all(
        of.map(async (site) => {
          const id = projects[site];
          if (id !== undefined) await reader.refresh(id, "servers");
        }),
      );
    },
    async makeFullReadingDue() {
      await database.pool.query("update reader_state set last_full_at = '2000-01-01'");
    },
    async close() {
      await reader.close();
      await sites.close?.();
      await events.close();
      await database.close();
    },
  };
}
