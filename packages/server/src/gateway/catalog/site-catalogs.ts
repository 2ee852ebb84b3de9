import type { Catalog } from "@uniview/openstack";
import { type Kysely, sql } from "kysely";
import type { Logger } from "pino";
import type { Tables } from "../../db/tables.ts";
import type { SiteService } from "../../sites/service.ts";

/** A catalog that is older is asked for anew, behind the back of who needs it now. */
const FRESH_MS = 5 * 60_000;
/** How long a sign-in waits for the first catalog of a site; after that the site is left out until it answers. */
const FIRST_WAIT_MS = 5_000;

interface Known {
  readonly catalog: Catalog;
  readonly as_of_ms: number;
}

export interface SiteCatalogs {
  /**
   * What the site's own catalog said last; undefined: it never answered.
   * Waits for the site only where nothing is known yet, and then not for long.
   */
  of(site_project_id: string): Promise<Catalog | undefined>;
}

/** The catalogs of sites, kept in the database so that a dead site stays in what clients are told. */
export function createSiteCatalogs(
  db: Kysely<Tables>,
  sites: Pick<SiteService, "connect">,
  log: Logger,
): SiteCatalogs {
  const known = new Map<string, Known>();
  const asking = new Map<string, Promise<Catalog | undefined>>();

  const ask = async (id: string): Promise<Catalog | undefined> => {
    try {
      const catalog = await (await sites.connect(id)).catalog();
      known.set(id, { catalog, as_of_ms: Date.now() });
      await keep(db, id, catalog);
      return catalog;
    } catch (error) {
      log.debug({ err: error, site_project_id: id }, "the catalog of a site was not read");
      return undefined;
    }
  };
  const askOnce = (id: string): Promise<Catalog | undefined> => {
    const under_way = asking.get(id) ?? ask(id).finally(() => asking.delete(id));
    asking.set(id, under_way);
    return under_way;
  };

  return {
    async of(id) {
      const last = known.get(id) ?? (await read(db, id));
      if (!last) return within(FIRST_WAIT_MS, askOnce(id));
      known.set(id, last);
      if (Date.now() - last.as_of_ms > FRESH_MS) void askOnce(id);
      return last.catalog;
    },
  };
}

async function read(db: Kysely<Tables>, id: string): Promise<Known | undefined> {
  const row = await db
    .selectFrom("site_catalogs")
    .select(["catalog", "as_of"])
    .where("site_project_id", "=", id)
    .executeTakeFirst();
  return row && { catalog: row.catalog, as_of_ms: Date.parse(row.as_of) };
}

async function keep(db: Kysely<Tables>, site_project_id: string, catalog: Catalog): Promise<void> {
  const row = { catalog: JSON.stringify(catalog), as_of: sql<string>`now()` };
  await db
    .insertInto("site_catalogs")
    .values({ site_project_id, ...row })
    .onConflict((conflict) => conflict.column("site_project_id").doUpdateSet(row))
    .execute();
}

async function within<T>(wait_ms: number, work: Promise<T>): Promise<T | undefined> {
  const late = Promise.withResolvers<undefined>();
  const timer = setTimeout(() => late.resolve(undefined), wait_ms);
  try {
    return await Promise.race([work, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
