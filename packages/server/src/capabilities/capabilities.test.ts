import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type CapabilityRow, endpoints, pickCloud, readCloudsYaml } from "@uniview/api";
import { type Sandbox, startSandbox } from "@uniview/sandbox";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestServer, type TestServer, type TestUser } from "../testing.ts";

/** A busy machine is slow, not wrong. */
const PATIENCE_MS = 60_000;

let server: TestServer;
let ada: TestUser;
let dir: string;
let zed: Sandbox;
let train: Sandbox;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "uniview-capabilities-"));
  const open = (name: string, release: "zed" | "train", more = {}) =>
    startSandbox({
      name,
      release,
      dir: join(dir, name),
      disk_bytes_per_gib: 65_536,
      transition_ms: 1,
      ...more,
    });
  [server, zed, train] = await Promise.all([
    startTestServer(),
    open("zed", "zed"),
    open("train", "train", { seed: "empty", denied_policies: ["create_port:port_security_enabled"] }),
  ]);
  ada = await server.user("ada");
  for (const { name, clouds_yaml } of [zed, train]) {
    const { cloud } = pickCloud(readCloudsYaml(clouds_yaml), name);
    await ada.client.call(endpoints.addSite, { body: { name, cloud } });
  }
});
afterAll(async () => {
  await server.close();
  await Promise.all([zed.close(), train.close()]);
  await rm(dir, { recursive: true, force: true });
});

const probe = (name: string, user = ada, thorough = false) =>
  user.client.call(endpoints.probeSite, { params: { name }, body: { thorough } });
const stateOf = (rows: readonly CapabilityRow[], capability: string) =>
  rows.find((row) => row.capability === capability)?.cells.map(({ state, how }) => `${state} ${how}`);

test("before the first probe the sites are there, with nothing known of them", async () => {
  const { columns, rows, changes } = await ada.client.call(endpoints.getCapabilities);
  expect(columns.map(({ site, project_name, probed_at }) => [site, project_name, probed_at])).toEqual([
    ["train", "demo", null],
    ["zed", "demo", null],
  ]);
  expect([rows, changes]).toEqual([[], []]);
});

test("a probe tells what the site allows and how each operation goes there", async () => {
  const { rows, operations, columns, left_behind } = await probe("train");
  expect(left_behind).toEqual([]);
  expect(columns).toMatchObject([{ site: "train", probed_at: expect.any(String), problems: [] }]);
  expect(stateOf(rows, "network.port_security_off_on_own_network")).toEqual(["no attempt"]);
  expect(stateOf(rows, "compute.create_server")).toEqual(["yes attempt"]);
  expect(operations.find(({ operation }) => operation === "create_server.hostname")).toMatchObject({
    state: "lesser",
    offered: "2.79",
  });
});

test("the matrix shows the sites side by side, and where they differ", async () => {
  await probe("zed");
  const { columns, rows } = await ada.client.call(endpoints.getCapabilities);
  const port_security = rows.find(
    ({ capability }) => capability === "network.port_security_off_on_own_network",
  );
  expect(port_security?.differs).toBe(true);
  const siteOf = (id: string) => columns.find((column) => column.id === id)?.site;
  expect(port_security?.cells.map(({ column_id, state }) => [siteOf(column_id), state]).sort()).toEqual([
    ["train", "no"],
    ["zed", "yes"],
  ]);
  expect(rows.find(({ capability }) => capability === "compute.create_server")?.differs).toBe(false);
  expect(rows[0]?.service).toBe("compute");
});

test("a site that loses a permission is told of, with the rule and since when", async () => {
  const fault = zed.faults.set({ deny_policy: "volume:create_snapshot" });
  const { rows, changes } = await probe("zed");
  expect(changes).toMatchObject([
    {
      site: "zed",
      capability: "block-storage.create_snapshot",
      from: "yes",
      to: "no",
      text: "zed lost volume:create_snapshot: project demo can no longer snapshot a volume.",
    },
  ]);
  const cell = rows.find(({ capability }) => capability === "block-storage.create_snapshot")?.cells[0];
  expect(cell).toMatchObject({ state: "no", evidence: { method: "POST", status: 403 } });
  expect(cell?.since).toBe(changes[0]?.changed_at);
  zed.faults.clear(fault);
  const again = await probe("zed");
  expect(again.changes[0]?.text).toBe(
    "zed gained volume:create_snapshot: project demo can now snapshot a volume.",
  );
});

test("what is known stays while a service does not answer, and the probe says so", async () => {
  const before = await ada.client.call(endpoints.getSiteCapabilities, { params: { name: "zed" } });
  const fault = zed.faults.set({ service: "block-storage", status: 500 });
  const { columns, rows, changes } = await probe("zed");
  zed.faults.clear(fault);
  expect(columns[0]?.problems).toMatchObject([{ service: "block-storage" }]);
  expect(stateOf(rows, "block-storage.create_snapshot")).toEqual(
    stateOf(before.rows, "block-storage.create_snapshot"),
  );
  expect(changes).toEqual(before.changes);
});

test("what nothing but doing it tells is tried when asked for", async () => {
  const { rows } = await ada.client.call(endpoints.getSiteCapabilities, { params: { name: "train" } });
  expect(stateOf(rows, "block-storage.create_snapshot")).toEqual(["yes default_policy"]);
  const { rows: now, left_behind } = await probe("train", ada, true);
  expect(stateOf(now, "block-storage.create_snapshot")).toEqual(["yes attempt"]);
  expect(left_behind).toEqual([]);
});

test("what real work meets is learned, although the probe cannot tell", async () => {
  const knownOfLocks = async () => {
    const { rows } = await ada.client.call(endpoints.getSiteCapabilities, { params: { name: "zed" } });
    return stateOf(rows, "compute.lock_server");
  };
  expect(await knownOfLocks()).toEqual(["yes default_policy"]);
  const named = () =>
    ada.client
      .call(endpoints.listServers, { query: { q: "site:zed name:web-1" } })
      .then(({ items }) => items[0]?.id ?? "");
  await expect.poll(named, { timeout: PATIENCE_MS }).not.toBe("");
  const body = { server: { site: "zed", id: await named() }, to: "train" };
  const job = await ada.client.call(endpoints.startMigration, { body });
  await expect.poll(knownOfLocks, { timeout: PATIENCE_MS }).toEqual(["yes job"]);
  await ada.client.call(endpoints.cancelJob, { params: { id: job.id } }).catch(() => {}); // it may be over
  const over = async () => (await ada.client.call(endpoints.getJob, { params: { id: job.id } })).status;
  await expect.poll(over, { timeout: PATIENCE_MS }).toMatch(/undone|cancelled|succeeded/);
});

test("nobody sees what is known through somebody else's credential", async () => {
  const eve = await server.user("eve");
  expect(await eve.client.call(endpoints.getCapabilities)).toEqual({ columns: [], rows: [], changes: [] });
  await expect(probe("zed", eve)).rejects.toMatchObject({ slug: "not-found" });
});

test("a site that cannot be reached is told as such, and keeps what was known", async () => {
  await train.faults.down();
  await expect(probe("train")).rejects.toMatchObject({ slug: "site-unreachable" });
  await train.faults.up();
  const { rows, columns } = await ada.client.call(endpoints.getSiteCapabilities, {
    params: { name: "train" },
  });
  expect(columns[0]?.problems).toMatchObject([{ service: "identity" }]);
  expect(stateOf(rows, "network.port_security_off_on_own_network")).toEqual(["no attempt"]);
});
