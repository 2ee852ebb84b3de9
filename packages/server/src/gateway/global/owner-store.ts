import type { Kysely } from "kysely";
import type { Tables } from "../../db/tables.ts";

/** Looks up in the inventory where something is. */
export interface OwnerStore {
  /** By id: the site projects, of these, that have it. Ids that are nowhere are left out. */
  ownersOf(
    ids: readonly string[],
    site_project_ids: readonly string[],
  ): Promise<ReadonlyMap<string, readonly string[]>>;
}

export function createOwnerStore(db: Kysely<Tables>): OwnerStore {
  return {
    async ownersOf(ids, site_project_ids) {
      if (ids.length === 0 || site_project_ids.length === 0) return new Map();
      const rows = await db
        .selectFrom("resources")
        .select(["id", "site_project_id"])
        .distinct()
        .where("site_project_id", "in", site_project_ids)
        .where("id", "in", ids)
        .execute();
      const owners = new Map<string, string[]>();
      for (const { id, site_project_id } of rows) {
        owners.set(id, [...(owners.get(id) ?? []), site_project_id]);
      }
      return owners;
    },
  };
}
