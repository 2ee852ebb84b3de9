import { randomUUID } from "node:crypto";
import type { ResourceKind } from "@uniview/api";
import type { Database } from "../db/database.ts";
import type { Principal } from "../http/principal.ts";
import type { KnownProject } from "../sites/service.ts";
import { NORMALISE } from "./normalise/index.ts";
import { pageOf, type ReadPage } from "./page/read-page.ts";
import { digestOf } from "./page/read-rows.ts";
import { putResources } from "./put-resources.ts";
import { finishReading } from "./store.ts";
import { type Stored, writeDown } from "./stored.ts";
import { WrittenRows } from "./written-rows.ts";

/** A user without a way to sign in. */
export async function testUser(database: Database, name: string): Promise<Principal> {
  const { id } = await database.kysely
    .insertInto("users")
    .values({ name, role: "user", password_hash: "none" })
    .returning("id")
    .executeTakeFirstOrThrow();
  return { user_id: id, name, role: "user", via: "token", credential_id: randomUUID() };
}

/** A project of a site (made when it is not there) without a credential. */
export async function testProject(
  database: Database,
  site: string,
  project_name: string,
  added_by?: Principal,
): Promise<KnownProject> {
  const db = database.kysely;
  const discovery = JSON.stringify({ services: [] });
  await db
    .insertInto("sites")
    .values({ name: site, auth_url: `http://${site}.invalid/v3`, interface: "public", discovery })
    .onConflict((conflict) => conflict.column("name").doNothing())
    .execute();
  const { id: site_id } = await db
    .selectFrom("sites")
    .select("id")
    .where("name", "=", site)
    .executeTakeFirstOrThrow();
  const project_id = `${site}-${project_name}`;
  const { id } = await db
    .insertInto("site_projects")
    .values({
      site_id,
      project_id,
      project_name,
      domain_name: "Default",
      site_user_id: "someone",
      site_user_name: "someone",
      roles: JSON.stringify(["member"]),
      credential_kind: "password",
      credential_minted: false,
      credential_sealed: Buffer.alloc(0),
      added_by: added_by?.user_id ?? null,
    })
    .returning("id")
    .executeTakeFirstOrThrow();
  return { id, site_id, site, project_id, project_name };
}

export async function testGrant(database: Database, user: Principal, project: KnownProject): Promise<void> {
  await database.kysely
    .insertInto("grants")
    .values({ user_id: user.user_id, site_project_id: project.id })
    .execute();
}

/** Stores bodies as a reading of everything would. */
export async function testReading(
  database: Database,
  project: KnownProject,
  kind: ResourceKind,
  bodies: readonly object[],
): Promise<void> {
  const began_at = new Date().toISOString();
  const around = {
    project_id: project.project_id,
    flavors: new Map(),
    images: new Map(),
    networks: new Map(),
  };
  const rows = bodies.flatMap((body) => NORMALISE[kind]({ ...body }, around) ?? []);
  const shelf = { site_project_id: project.id, kind };
  await putResources(database.pool, shelf, testPage(rows.map((row) => writeDown(row))), began_at);
  const all_ids = rows.map(({ id }) => id);
  await finishReading(database.kysely, shelf, { began_at, duration_ms: 1, changes_since: null, all_ids });
}

/** A page of these rows. */
export function testPage(stored: readonly Stored[]): ReadPage {
  const written = testRows(stored);
  return pageOf({ ...digestOf(written.rows), gone: [], newest_ms: 0 }, written, written.rows, undefined, []);
}

export function testRows(stored: readonly Stored[]): WrittenRows {
  const written = new WrittenRows(stored.length);
  for (const row of stored) written.add(row);
  return written;
}

/** A server body as Nova gives it at 2.47 and up. */
export function serverBody(name: string, fields: object = {}): Record<string, unknown> {
  return {
    id: randomUUID(),
    name,
    status: "ACTIVE",
    tenant_id: "p",
    created: "2026-11-01T10:00:00Z",
    updated: "2026-11-02T10:00:00Z",
    addresses: {},
    flavor: { original_name: "m1.small", vcpus: 1, ram: 2048, disk: 20 },
    image: "",
    metadata: {},
    "OS-EXT-STS:task_state": null,
    "OS-EXT-STS:power_state": 1,
    ...fields,
  };
}
