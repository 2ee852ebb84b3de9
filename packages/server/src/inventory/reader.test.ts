import { EventEmitter, once } from "node:events";
import { type Flavor, type Network, type ResourceKind, ResourceQuery, type Server } from "@uniview/api";
import { pino } from "pino";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import type { Database } from "../db/database.ts";
import { testDatabase } from "../db/testing.ts";
import type { Principal } from "../http/principal.ts";
import type { KnownProject } from "../sites/service.ts";
import { PACE, type Pace } from "./intervals.ts";
import { createPageGate } from "./page-gate.ts";
import { createReader, type InventoryReader } from "./reader.ts";
import { createInventoryService, type InventoryService } from "./service.ts";
import { serverBody, testGrant, testProject, testUser } from "./testing.ts";
import { startTestSite, type TestSite } from "./testing-site.ts";

let database: Database;
let user: Principal;
let run = 0;
const closing: { close(): Promise<void> }[] = [];

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  run += 1;
  user = await testUser(database, `reader${run}`);
});
afterEach(async () => {
  for (const one of closing.splice(0).reverse()) await one.close();
});

/** Reads at its own pace never again: tests ask for each reading. */
const QUIET: Pace = {
  ...PACE,
  intervals_ms: Object.fromEntries(
    Object.keys(PACE.intervals_ms).map((kind) => [kind, 3_600_000]),
  ) as Pace["intervals_ms"],
  follow_ms: 20,
};

interface Inventory {
  reader: InventoryReader;
  service: InventoryService;
  /** Resolves with the ids of the next change of the kind that is told. */
  told(kind: ResourceKind, site?: string): Promise<readonly string[] | null>;
  list<Item = Server>(kind: ResourceKind, q?: string): Promise<Item[]>;
}

async function read(sites: Record<string, TestSite>, pace = QUIET): Promise<Inventory> {
  const projects = new Map<string, { project: KnownProject; site: TestSite }>();
  for (const [name, site] of Object.entries(sites)) {
    const project = { ...(await testProject(database, `${name}${run}`, "demo")), project_id: "p1" };
    await testGrant(database, user, project);
    projects.set(project.id, { project, site });
    closing.push(site);
  }
  const connect = async (id: string) => {
    const known = projects.get(id);
    if (!known) throw new Error(`no project ${id}`);
    return known.site.session;
  };
  const changes = new EventEmitter();
  const reader = createReader({
    database,
    log: pino({ level: "silent" }),
    gate: createPageGate(),
    pace,
    announce: ({ site }, kind, ids) => {
      if (ids?.length === 0) return;
      changes.emit(kind, ids);
      changes.emit(`${kind} ${site}`, ids);
    },
    sites: {
      connect,
      listProjects: async () => [...projects.values()].map(({ project }) => project),
      onProjectsChanged: () => () => {},
    },
  });
  closing.push(reader);
  const service = createInventoryService({ db: database.kysely, sites: { connect }, reader });
  return {
    reader,
    service,
    told: async (kind, site) => (await once(changes, site ? `${kind} ${site}${run}` : kind))[0],
    list: async <Item>(kind: ResourceKind, q = "") =>
      (await service.list<Item>(user, kind, ResourceQuery.parse({ q, limit: 1000 }))).items,
  };
}

/** Reads every kind once, and waits for that. */
async function readAll({ reader }: Inventory, kinds: readonly ResourceKind[]): Promise<void> {
  const { rows } = await database.pool.query("select site_project_id from grants where user_id = $1", [
    user.user_id,
  ]);
  await Promise.all(
    rows.flatMap(({ site_project_id }) => kinds.map((kind) => reader.refresh(site_project_id, kind))),
  );
}

async function onlyProject(): Promise<string> {
  const { rows } = await database.pool.query("select site_project_id from grants where user_id = $1", [
    user.user_id,
  ]);
  return rows[0].site_project_id;
}

test("everything a site has is read over many pages, with the names that bodies only point to", async () => {
  const site = await startTestSite({
    "/servers/detail": Array.from({ length: 2500 }, (_, n) =>
      serverBody(`s${n}`, {
        image: { id: "i1" },
        addresses: { lan: [{ addr: `10.0.${n >> 8}.${n & 255}` }] },
      }),
    ),
    "/flavors/detail": [
      { id: "f1", name: "m1.small", vcpus: 1, ram: 2048, disk: 20, "os-flavor-access:is_public": true },
    ],
    "/images": [{ id: "i1", name: "debian-12", status: "active", visibility: "public" }],
    "/networks": [{ id: "n1", name: "lan", status: "ACTIVE", project_id: "p1" }],
    "/subnets": [{ id: "sn1", network_id: "n1", name: "lan4", cidr: "10.0.0.0/16", ip_version: 4 }],
    "/os-keypairs": [{ keypair: { name: "me", fingerprint: "aa" } }],
  });
  const inventory = await read({ zed: site });
  await inventory.reader.start();
  await readAll(inventory, ["flavors", "images", "servers", "networks", "keypairs"]);
  const servers = await inventory.list("servers", "image:debian");
  expect(servers).toHaveLength(1000);
  expect(servers[0]).toMatchObject({
    flavor: { id: "f1", name: "m1.small" },
    image: { id: "i1", name: "debian-12" },
  });
  expect(await inventory.list("servers", "10.0.9.195")).toHaveLength(1);
  expect((await inventory.list<Flavor>("flavors"))[0]).toMatchObject({ name: "m1.small", public: true });
  expect((await inventory.list<Network>("networks"))[0]?.subnets[0]).toMatchObject({ cidr: "10.0.0.0/16" });
  expect(await inventory.list("keypairs")).toHaveLength(1);
  expect(site.asked.filter((path) => path.includes("/servers/detail")).length).toBeGreaterThanOrEqual(3);
});

test("after the first reading only changes are asked for, and they tell of deleted servers too", async () => {
  const [keep, drop] = [serverBody("keep"), serverBody("drop")];
  const site = await startTestSite({ "/servers/detail": [keep, drop] });
  const inventory = await read({ zed: site });
  await inventory.reader.start();
  await readAll(inventory, ["servers"]);
  expect(await inventory.list("servers")).toHaveLength(2);
  const now = new Date().toISOString();
  site.lists["/servers/detail"] = [
    { ...keep, name: "renamed", updated: now },
    { ...drop, status: "DELETED", updated: now },
  ];
  site.asked.length = 0;
  await readAll(inventory, ["servers"]);
  expect((await inventory.list("servers")).map(({ name }) => name)).toEqual(["renamed"]);
  expect(site.asked.filter((path) => path.includes("/servers/detail"))).toEqual([
    expect.stringContaining("changes-since="),
  ]);
});

test("a server that changes is written with the names that what it points to has by now", async () => {
  const body = serverBody("vm", { image: { id: "i1" } });
  const site = await startTestSite({
    "/servers/detail": [body],
    "/images": [{ id: "i1", name: "debian-12", status: "active", visibility: "public" }],
  });
  const inventory = await read({ zed: site });
  await inventory.reader.start();
  await readAll(inventory, ["images", "servers"]);
  for (const name of ["debian-12", "debian-13", "debian-14"]) {
    site.lists["/images"] = [{ id: "i1", name, status: "active", visibility: "public" }];
    await readAll(inventory, ["images"]);
    site.lists["/servers/detail"] = [{ ...body, metadata: { name }, updated: new Date().toISOString() }];
    await readAll(inventory, ["servers"]);
    expect(await inventory.list("servers")).toMatchObject([
      { image: { id: "i1", name }, metadata: { name } },
    ]);
  }
});

test("a full reading notices what disappeared without a word", async () => {
  const site = await startTestSite({
    "/servers/detail": [serverBody("a"), serverBody("b")],
    "/volumes/detail": [{ id: "v1", name: "one", status: "available", size: 1 }],
  });
  const inventory = await read({ zed: site }, { ...QUIET, full_every_ms: 0 });
  await inventory.reader.start();
  await readAll(inventory, ["servers", "volumes"]);
  site.lists["/servers/detail"] = [];
  site.lists["/volumes/detail"] = [];
  const told = inventory.told("volumes");
  await readAll(inventory, ["servers", "volumes"]);
  expect(await told).toEqual(["v1"]);
  expect(await inventory.list("servers")).toEqual([]);
  expect(await inventory.list("volumes")).toEqual([]);
});

test("what did not change is neither written nor told again", async () => {
  const site = await startTestSite({
    "/volumes/detail": [{ id: "v1", name: "one", status: "available", size: 1 }],
  });
  const inventory = await read({ zed: site });
  await inventory.reader.start();
  await readAll(inventory, ["volumes"]);
  const version = async () =>
    (
      await database.pool.query("select xmin::text from resources where site_project_id = $1", [
        await onlyProject(),
      ])
    ).rows;
  const before = await version();
  await readAll(inventory, ["volumes"]);
  expect(await version()).toEqual(before);
});

test("a site that hangs and one that fails delay no other, keep what they had, and say why", async () => {
  const [well, hangs, fails] = [await startTestSite(), await startTestSite(), await startTestSite()];
  for (const site of [well, hangs, fails]) site.lists["/servers/detail"] = [serverBody("s")];
  const inventory = await read({ well, hangs, fails }, { ...QUIET, backoff_min_ms: 10, backoff_max_ms: 20 });
  await inventory.reader.start();
  await readAll(inventory, ["servers"]);
  hangs.trouble = { path: /./, does: "hang" };
  fails.trouble = { path: /servers/, does: 500 };
  well.lists["/servers/detail"]?.push(serverBody("fresh", { updated: new Date().toISOString() }));
  const failing = inventory.told("servers", "fails");
  const fresh = inventory.told("servers", "well");
  void readAll(inventory, ["servers"]);
  await Promise.all([fresh, failing]);
  const page = await inventory.service.list<Server>(user, "servers", ResourceQuery.parse({}));
  expect(page.items.map(({ name }) => name)).toEqual(["fresh", "s", "s", "s"]);
  const states = Object.fromEntries(page.sites.map(({ site, ...rest }) => [site.replace(/\d+$/, ""), rest]));
  expect(states["well"]?.state).toBe("fresh");
  expect(states["fails"]).toMatchObject({
    state: "unreachable",
    problem: { status: 502, service: "compute" },
  });
  const recovered = inventory.told("servers", "fails");
  fails.trouble = undefined;
  await recovered;
  const again = await inventory.service.list<Server>(
    user,
    "servers",
    ResourceQuery.parse({ q: `site:fails${run}` }),
  );
  expect(again.sites[0]).toMatchObject({ state: "fresh" });
  expect(again.sites[0]).not.toHaveProperty("problem");
});

test("a lying site harms only itself: bodies without sense are passed over or read as far as they go", async () => {
  const site = await startTestSite({
    "/servers/detail": [
      { id: 7 },
      { name: "no id" },
      serverBody("nul\0byte \ud800", {
        metadata: { "k\0": "v\ud800", text: "\\u0000" },
        addresses: "none",
        flavor: null,
        image: 3,
      }),
      { ...serverBody("twice"), id: "same" },
      { ...serverBody("again"), id: "same" },
      serverBody("x".repeat(5000), { id: "y".repeat(5000) }),
      serverBody("long".repeat(1000), { id: "long", updated: "yesterday", created: 5, tags: { a: 1 } }),
    ],
  });
  const inventory = await read({ zed: site });
  await inventory.reader.start();
  await readAll(inventory, ["servers"]);
  const found = await inventory.list("servers");
  const { raw } = await inventory.service.getServer(user, `zed${run}`, String(found[2]?.id));
  expect(raw["metadata"]).toEqual({ "k\ufffd": "v\ufffd", text: "\\u0000" });
  expect(found.map(({ name }) => name)).toEqual([
    "again",
    "long".repeat(1000).slice(0, 255),
    "nul\ufffdbyte \ufffd",
  ]);
});

test("a server that is on its way is looked at again and again until it settles, and then no more", async () => {
  const body = serverBody("vm", { status: "SHUTOFF", "OS-EXT-STS:task_state": "powering-on" });
  const site = await startTestSite({ "/servers/detail": [body] });
  const inventory = await read({ zed: site });
  await inventory.reader.start();
  await readAll(inventory, ["servers"]);
  const told = inventory.told("servers");
  site.lists["/servers/detail"] = [{ ...body, status: "ACTIVE", "OS-EXT-STS:task_state": null }];
  expect(await told).toEqual([body["id"]]);
  expect((await inventory.list("servers"))[0]).toMatchObject({ status: "ACTIVE", task_state: null });
});

test("one resource can be read by itself, and is dropped when the site no longer has it", async () => {
  const body = serverBody("made-now");
  const site = await startTestSite({ "/servers/detail": [] });
  const inventory = await read({ zed: site });
  await inventory.reader.start();
  await readAll(inventory, ["servers"]);
  const project = await onlyProject();
  site.lists["/servers/detail"] = [body];
  await inventory.reader.refresh(project, "servers", String(body["id"]));
  expect(await inventory.list("servers", "made-now")).toHaveLength(1);
  site.lists["/servers/detail"] = [];
  await inventory.reader.refresh(project, "servers", String(body["id"]));
  expect(await inventory.list("servers", "made-now")).toHaveLength(0);
});
