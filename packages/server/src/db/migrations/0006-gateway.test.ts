import { afterAll, beforeAll, expect, test } from "vitest";
import { testProject } from "../../inventory/testing.ts";
import type { Database } from "../database.ts";
import { testDatabase } from "../testing.ts";
import { gateway } from "./0006-gateway.ts";

let database: Database;

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

test("what was joined before finds itself in projects of its names", async () => {
  const { pool, kysely } = database;
  await testProject(database, "zed", "demo");
  await testProject(database, "epoxy", "demo");
  const same = await testProject(database, "zed", "shop");
  // another project of zed that is called demo, too, in another domain
  await pool.query("update site_projects set project_name = 'demo', domain_name = 'Other' where id = $1", [
    same.id,
  ]);
  await pool.query(
    `drop table projects, project_sites, site_catalogs, application_credentials, access_rules,
       application_credential_rules, gateway_tokens, auth_receipts, totp_secrets cascade`,
  );
  await gateway.up(kysely);
  const { rows } = await pool.query(
    `select projects.name, sites.name as site from project_sites
     join projects on projects.id = project_sites.project_id
     join site_projects on site_projects.id = project_sites.site_project_id
     join sites on sites.id = site_projects.site_id order by 1, 2`,
  );
  expect(rows).toEqual([
    { name: "demo", site: "epoxy" },
    { name: "demo", site: "zed" },
    { name: "demo-Other", site: "zed" },
  ]);
});
