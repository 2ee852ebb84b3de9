import { ResourceList, ResourceQuery, type Server, ServerDetail, type Volume } from "@uniview/api";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { Database } from "../db/database.ts";
import { testDatabase } from "../db/testing.ts";
import type { Principal } from "../http/principal.ts";
import type { KnownProject } from "../sites/service.ts";
import { createInventoryService, type InventoryService } from "./service.ts";
import { serverBody, testGrant, testProject, testReading, testUser } from "./testing.ts";

let database: Database;
let service: InventoryService;
let ann: Principal;
let bob: Principal;
let zed: KnownProject;
let epoxy: KnownProject;
let run = 0;

beforeAll(async () => {
  database = await testDatabase();
  service = createInventoryService({
    db: database.kysely,
    sites: { connect: () => Promise.reject(new Error("a list must not ask a site")) },
    reader: { refresh: async () => {}, follow: () => {} },
  });
});
afterAll(() => database.close());

beforeEach(async () => {
  run += 1;
  [ann, bob] = [await testUser(database, `ann${run}`), await testUser(database, `bob${run}`)];
  zed = await testProject(database, `zed${run}`, "demo");
  epoxy = await testProject(database, `epoxy${run}`, "shop");
  await testGrant(database, ann, zed);
  await testGrant(database, ann, epoxy);
});

const names = async (user: Principal, q: string, sort = "name"): Promise<string[]> => {
  const page = await service.list<Server>(user, "servers", ResourceQuery.parse({ q, sort }));
  ResourceList.servers.parse(page);
  return page.items.map(({ name }) => name);
};

const address = (addr: string) => ({ addr, version: 4, "OS-EXT-IPS-MAC:mac_addr": "fa:16:3e:00:11:22" });

async function storeExamples(): Promise<void> {
  await testReading(database, zed, "servers", [
    serverBody("web-1", { addresses: { "blue-net": [address("10.0.0.5")] } }),
    serverBody("web_2", {
      status: "SHUTOFF",
      flavor: { original_name: "c5.Large", vcpus: 8, ram: 1, disk: 0 },
    }),
    serverBody("100%", { tags: ["gold"], metadata: { owner: "Eve" } }),
  ]);
  await testReading(database, epoxy, "servers", [
    serverBody("web-3", { addresses: { "red-net": [address("10.0.0.50"), address("192.168.7.9")] } }),
    serverBody("Database", { status: "ERROR", fault: { message: "No valid host was found." } }),
  ]);
}

test("words, addresses, tags and fields find what they name, over all sites", async () => {
  await storeExamples();
  expect(await names(ann, "")).toEqual(["100%", "Database", "web-1", "web-3", "web_2"]);
  expect(await names(ann, "web")).toEqual(["web-1", "web-3", "web_2"]);
  expect(await names(ann, "10.0.0.5")).toEqual(["web-1", "web-3"]);
  expect(await names(ann, `web site:zed${run} status:active`)).toEqual(["web-1"]);
  expect(await names(ann, "project:SHOP -status:error")).toEqual(["web-3"]);
  expect(await names(ann, `-site:epoxy${run} -gold`)).toEqual(["web-1", "web_2"]);
  expect(await names(ann, "network:red")).toEqual(["web-3"]);
  expect(await names(ann, "flavor:large")).toEqual(["web_2"]);
  expect(await names(ann, "flavor:web")).toEqual([]);
  expect(await names(ann, "name:data")).toEqual(["Database"]);
  expect(await names(ann, "fa:16:3e:00 owner=eve")).toEqual([]);
  expect(await names(ann, "owner=eve")).toEqual(["100%"]);
  expect(await names(ann, "network")).toEqual([]);
});

test("signs that mean something to the database are ordinary signs to the search", async () => {
  await storeExamples();
  expect(await names(ann, "%")).toEqual(["100%"]);
  expect(await names(ann, "web_")).toEqual(["web_2"]);
  expect(await names(ann, "flavor:c5.")).toEqual(["web_2"]);
  expect(await names(ann, "flavor:m1[small")).toEqual([]);
  expect(await names(ann, "'; drop table resources; --")).toEqual([]);
  expect(await names(ann, "\\")).toEqual([]);
});

test("nobody sees what they were not granted, by list, by id or by name", async () => {
  await storeExamples();
  expect(await names(bob, "")).toEqual([]);
  const page = await service.list<Server>(ann, "servers", ResourceQuery.parse({ q: "web-3" }));
  const id = page.items[0]?.id ?? "";
  await testGrant(database, bob, zed);
  expect(await names(bob, "")).toEqual(["100%", "web-1", "web_2"]);
  expect(await names(bob, `site:epoxy${run}`)).toEqual([]);
  expect((await service.list(bob, "servers", ResourceQuery.parse({}))).sites.map(({ site }) => site)).toEqual(
    [zed.site],
  );
  await expect(service.getServer(bob, epoxy.site, id)).rejects.toMatchObject({ slug: "not-found" });
  await expect(service.getResource(bob, "servers", epoxy.site, "web-3")).rejects.toMatchObject({
    slug: "not-found",
  });
  await expect(
    service.actOnServer(bob, epoxy.site, id, { action: "stop", hard: false }),
  ).rejects.toMatchObject({ slug: "not-found" });
  await expect(service.getServer(bob, zed.site, id)).rejects.toMatchObject({ slug: "not-found" });
});

test("pages follow one another without gap or repetition in every sort, also among equals", async () => {
  await testReading(
    database,
    zed,
    "servers",
    [1, 2, 3, 4, 5].map((n) => serverBody(n % 2 ? "same" : `n${n}`)),
  );
  await testReading(
    database,
    epoxy,
    "servers",
    [1, 2, 3, 4].map((n) => serverBody("same", n % 2 ? { status: "SHUTOFF", created: "x" } : { name: null })),
  );
  for (const column of ["name", "site", "status", "created_at", "updated_at", "project_name"]) {
    for (const sort of [column, `-${column}`]) {
      const whole = await service.list<Server>(ann, "servers", ResourceQuery.parse({ sort }));
      expect(whole.next_cursor).toBeUndefined();
      const paged: Server[] = [];
      for (let cursor: string | undefined; ; ) {
        const page = await service.list<Server>(
          ann,
          "servers",
          ResourceQuery.parse({ sort, limit: 2, cursor }),
        );
        paged.push(...page.items);
        expect(page.total).toEqual({ count: 9, exact: true });
        cursor = page.next_cursor;
        if (cursor === undefined) break;
      }
      expect(
        paged.map(({ id }) => id),
        sort,
      ).toEqual(whole.items.map(({ id }) => id));
    }
  }
});

test("a cursor that is none, or belongs to another sort, is refused in words", async () => {
  await storeExamples();
  const { next_cursor } = await service.list(ann, "servers", ResourceQuery.parse({ limit: 1 }));
  const list = (cursor: string, sort: string) =>
    service.list(ann, "servers", ResourceQuery.parse({ cursor, sort }));
  await expect(list(next_cursor ?? "", "-name")).rejects.toThrow(/belongs to sort=name/);
  const forged = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const id = crypto.randomUUID();
  for (const cursor of [
    "x",
    "%%",
    forged(["created_at", ["never"], id, "a"]),
    forged(["created_at", ["\0"], id, "a"]),
  ]) {
    await expect(list(cursor, "created_at")).rejects.toMatchObject({ slug: "invalid-input" });
  }
});

test("a site says how old its part is, and why it is not fresh", async () => {
  const [before] = (await service.list(ann, "servers", ResourceQuery.parse({ q: `site:zed${run}` }))).sites;
  expect(before).toEqual({ site: zed.site, state: "stale", as_of: null });
  await storeExamples();
  const [after] = (await service.list(ann, "servers", ResourceQuery.parse({ q: `site:zed${run}` }))).sites;
  expect(after).toMatchObject({ site: zed.site, state: "fresh" });
  await database.pool.query(
    "update reader_state set as_of = as_of - interval '10 minutes' where site_project_id = $1",
    [zed.id],
  );
  const [later] = (await service.list(ann, "servers", ResourceQuery.parse({ q: `site:zed${run}` }))).sites;
  expect(later).toMatchObject({ state: "stale" });
});

test("what two granted projects of a site see in common is listed once, as its owner sees it", async () => {
  const other = await testProject(database, zed.site, "other");
  await testGrant(database, ann, other);
  const net = { id: "n1", name: "lan", status: "ACTIVE", shared: true, project_id: other.project_id };
  for (const project of [zed, other, epoxy]) await testReading(database, project, "networks", [net]);
  const page = await service.list<{ owned: boolean; site: string }>(
    ann,
    "networks",
    ResourceQuery.parse({ sort: "site" }),
  );
  expect(page.items.map(({ owned, site }) => [site, owned])).toEqual([
    [epoxy.site, false],
    [zed.site, true],
  ]);
  expect(page.total.count).toBe(2);
  expect((await service.getResource(ann, "networks", zed.site, "n1")).item).toMatchObject({ owned: true });
});

test("a project that two people brought is listed once to whoever was granted both", async () => {
  const again = await database.pool.query(
    `insert into site_projects (site_id, project_id, project_name, domain_name, site_user_id, site_user_name, roles,
       credential_kind, credential_minted, credential_sealed, added_by)
     select site_id, project_id, project_name, domain_name, 'u2', 'u2', roles, 'password', false, '', $2
     from site_projects where id = $1 returning id`,
    [zed.id, bob.user_id],
  );
  const twin = { ...zed, id: again.rows[0].id as string };
  await testGrant(database, ann, twin);
  const body = serverBody("only-one");
  await testReading(database, zed, "servers", [body]);
  await testReading(database, twin, "servers", [body]);
  expect(await names(ann, "only-one")).toEqual(["only-one"]);
});

test("a server comes with its volumes, ports, what may be done with it, and the site's own JSON", async () => {
  const body = serverBody("db", {
    "os-extended-volumes:volumes_attached": [{ id: "v2" }, { id: "v1" }],
    locked: true,
    "OS-EXT-SRV-ATTR:user_data": "c2VjcmV0",
  });
  await testReading(database, zed, "servers", [body]);
  await testReading(database, zed, "volumes", [
    {
      id: "v1",
      name: "data",
      status: "in-use",
      size: 5,
      attachments: [{ server_id: body["id"], device: "/dev/vdb" }],
    },
    { id: "v2", name: "", status: "in-use", size: 10, bootable: "true", attachments: [] },
  ]);
  await testReading(database, zed, "ports", [
    {
      id: "p1",
      name: "",
      network_id: "n",
      mac_address: "fa:16:3e:1:2:3",
      device_id: body["id"],
      project_id: zed.project_id,
    },
    {
      id: "p2",
      name: "",
      network_id: "n",
      mac_address: "fa:16:3e:1:2:4",
      device_id: body["id"],
      project_id: "another",
    },
  ]);
  const detail = await service.getServer(ann, zed.site, "db");
  ServerDetail.parse(detail);
  expect(detail.volumes.map(({ id }) => id)).toEqual(["v2", "v1"]);
  expect(detail.volumes[1]?.attached_to).toEqual([
    { server_id: body["id"], server_name: "db", device: "/dev/vdb" },
  ]);
  expect(detail.ports.map(({ id }) => id)).toEqual(["p1"]);
  expect(detail.actions.every(({ allowed, why_not }) => !allowed && /locked/.test(why_not ?? ""))).toBe(true);
  expect(detail.raw).toMatchObject({ id: body["id"], tenant_id: "p" });
  expect(JSON.stringify(detail)).not.toContain("c2VjcmV0");
  const volumes = await service.list<Volume>(ann, "volumes", ResourceQuery.parse({ q: "data" }));
  expect(volumes.items[0]?.attached_to[0]?.server_name).toBe("db");
});

test("a name that several servers have is answered with their ids", async () => {
  const twins = [serverBody("twin"), serverBody("twin")];
  await testReading(database, zed, "servers", twins);
  const refused = service.getServer(ann, zed.site, "twin");
  await expect(refused).rejects.toMatchObject({ slug: "invalid-input" });
  await expect(refused).rejects.toHaveProperty(
    "extras.remedy",
    expect.stringContaining(String(twins[0]?.["id"])),
  );
});

test("what is looked at is counted exactly, and what is not about", async () => {
  await testReading(
    database,
    zed,
    "servers",
    Array.from({ length: 1001 }, (_, n) => serverBody(`many-${n}`)),
  );
  const list = (q: string) => service.list<Server>(ann, "servers", ResourceQuery.parse({ q }));
  const { total, items, next_cursor } = await list("many");
  expect(total).toEqual({ count: 1001, exact: true });
  expect(items).toHaveLength(100);
  expect(next_cursor).toBeDefined();
  expect((await list("")).total).toEqual({ count: 1000, exact: false });
});
