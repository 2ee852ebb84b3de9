import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type Change,
  endpoints,
  pickCloud,
  type ResourceKind,
  readCloudsYaml,
  type Server,
} from "@uniview/api";
import { type ReleaseName, type Sandbox, startSandbox } from "@uniview/sandbox";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestServer, type TestServer, type TestUser } from "../testing.ts";

let server: TestServer;
let ada: TestUser;
let dir: string;
let victoria: Sandbox;
let epoxy: Sandbox;
const changes: Change[] = [];
let heard: () => void = () => {};
const listening = new AbortController();

const open = (name: string, release: ReleaseName) =>
  startSandbox({ name, release, dir: join(dir, name), seed: "demo", transition_ms: 50 });

const add = async (sandbox: Sandbox) => {
  const { cloud } = pickCloud(readCloudsYaml(sandbox.clouds_yaml), sandbox.name);
  await ada.client.call(endpoints.addSite, { body: { name: sandbox.name, cloud } });
};

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "uniview-inventory-"));
  [server, victoria, epoxy] = await Promise.all([
    startTestServer(),
    open("victoria", "victoria"),
    open("epoxy", "2025.1"),
  ]);
  ada = await server.user("ada");
  void listen();
  await Promise.all([add(victoria), add(epoxy)]);
});
afterAll(async () => {
  listening.abort();
  await server.close();
  await Promise.all([victoria.close(), epoxy.close()]);
  await rm(dir, { recursive: true, force: true });
});

async function listen(): Promise<void> {
  try {
    for await (const change of ada.client.changes(listening.signal)) {
      changes.push(change);
      heard();
    }
  } catch (error) {
    if (!listening.signal.aborted) throw error;
  }
}

/** Looks again after each change that the stream tells of, as the console does, until what it looks for is there. */
async function eventually<T>(look: () => Promise<T | undefined | false>): Promise<T> {
  for (;;) {
    const { promise, resolve } = Promise.withResolvers<void>();
    heard = resolve;
    const found = await look();
    if (found) return found;
    await promise;
  }
}

const servers = (q = "") => ada.client.call(endpoints.listServers, { query: { q } });

test("after two sites of different releases joined, one list has the servers of both, with all that belongs to them", async () => {
  const page = await eventually(async () => {
    const { items, sites } = await servers();
    return sites.length === 2 && sites.every(({ state }) => state === "fresh") && { items, sites };
  });
  const of = (site: string) => page.items.filter((one) => one.site === site);
  expect(of("victoria").length).toBeGreaterThanOrEqual(8);
  expect(of("epoxy").length).toBeGreaterThanOrEqual(8);
  for (const one of page.items) {
    expect(one.flavor.name, one.name).not.toBeNull();
    if (one.image) expect(one.image.name, one.name).not.toBeNull();
    else expect(one.volume_ids.length, one.name).toBeGreaterThan(0);
  }
  const failed = page.items.filter(({ status }) => status === "ERROR");
  expect(failed.map(({ fault }) => fault)).not.toContain(null);
  const narrowed = await servers("site:epoxy status:error");
  expect(narrowed.items.every(({ site, status }) => site === "epoxy" && status === "ERROR")).toBe(true);
  expect(narrowed.items.length).toBeGreaterThan(0);
});

test("a server is shown with the disks and ports that the site says it has", async () => {
  const with_volume = (await servers()).items.find(({ volume_ids }) => volume_ids.length > 0);
  const params = { site: with_volume?.site ?? "", id: with_volume?.id ?? "" };
  const detail = await eventually(async () => {
    const shown = await ada.client.call(endpoints.getServer, { params });
    return shown.ports.length > 0 && shown.volumes.length === shown.item.volume_ids.length && shown;
  });
  expect(detail.volumes[0]?.attached_to).toMatchObject([
    { server_id: params.id, server_name: with_volume?.name },
  ]);
  expect(detail.ports[0]).toMatchObject({ device_id: params.id, network_name: expect.any(String) });
  expect(detail.raw).toMatchObject({ id: params.id });
});

test("every kind is listed from both sites", async () => {
  const kinds = {
    volumes: endpoints.listVolumes,
    images: endpoints.listImages,
    flavors: endpoints.listFlavors,
    networks: endpoints.listNetworks,
    ports: endpoints.listPorts,
    "security-groups": endpoints.listSecurityGroups,
    keypairs: endpoints.listKeypairs,
  } satisfies Partial<Record<ResourceKind, unknown>>;
  for (const [kind, endpoint] of Object.entries(kinds)) {
    const sites = await eventually(async () => {
      const page = await ada.client.call(endpoint as typeof endpoints.listVolumes);
      const seen = new Set(page.items.map(({ site }) => site));
      return seen.size === 2 && seen;
    });
    expect(sites, kind).toEqual(new Set(["victoria", "epoxy"]));
  }
});

test("a stop and a start show by themselves: the stream tells of the server, and the list has its new status", async () => {
  const running = (await servers("status:active")).items[0] as Server;
  const { site, id } = running;
  const become = async (action: "stop" | "start", status: string) => {
    changes.length = 0;
    await ada.client.call(endpoints.actOnServer, { params: { site, id }, body: { action } });
    const now = await eventually(async () => {
      const { item } = await ada.client.call(endpoints.getServer, { params: { site, id } });
      return item.status === status && item.task_state === null && item;
    });
    expect(now.status).toBe(status);
    expect(changes).toContainEqual({ type: "resource", kind: "servers", site, id });
  };
  await become("stop", "SHUTOFF");
  await become("start", "ACTIVE");
});

test("what the site refuses is answered in one sentence with the site's own request id", async () => {
  const running = (await servers("status:active")).items[0] as Server;
  const { site, id } = running;
  const refused = ada.client.call(endpoints.actOnServer, { params: { site, id }, body: { action: "start" } });
  await expect(refused).rejects.toMatchObject({
    slug: "conflict",
    extras: { site, service: "compute", request_id: expect.stringMatching(/^req-/) },
  });
});

test("while a site is down its servers stay in the list, which says that it does not answer", async () => {
  const before = (await servers("site:epoxy")).items.length;
  await epoxy.faults.down();
  await ada.client.call(endpoints.checkSite, { params: { name: "epoxy" } }).catch(() => {});
  const page = await eventually(async () => {
    const now = await servers();
    return now.sites.find(({ site }) => site === "epoxy")?.state === "unreachable" && now;
  });
  expect(page.items.filter(({ site }) => site === "epoxy")).toHaveLength(before);
  expect(page.sites.find(({ site }) => site === "epoxy")?.problem?.detail).toBeTruthy();
  expect(page.sites.find(({ site }) => site === "victoria")?.state).toBe("fresh");
  await epoxy.faults.up();
  await ada.client.call(endpoints.checkSite, { params: { name: "epoxy" } });
  await eventually(async () => {
    const { sites } = await servers("site:epoxy");
    return sites[0]?.state === "fresh" && sites[0].problem === undefined;
  });
});

test("with the site its inventory goes", async () => {
  await ada.client.call(endpoints.removeSite, { params: { name: "victoria" } });
  const { items, sites } = await servers();
  expect(new Set(items.map(({ site }) => site))).toEqual(new Set(["epoxy"]));
  expect(sites.map(({ site }) => site)).toEqual(["epoxy"]);
  const { rows } = await server.database.pool.query("select count(*) as n from resources");
  expect(rows[0].n).toBeGreaterThan(0);
});
