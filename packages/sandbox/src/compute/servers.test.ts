import { afterAll, beforeAll, expect, test } from "vitest";
import type { Sandbox } from "../options.ts";
import { type Body, openSite, SiteClient, untilGuest } from "../testing/site-client.ts";

let site: Sandbox & AsyncDisposable;
let demo: SiteClient;
let flavor: string;
let image: string;
let network: string;

beforeAll(async () => {
  site = await openSite();
  demo = await SiteClient.signIn(site);
  const [tiny] = (await demo.list("compute", "/flavors/detail", "flavors")).filter(
    (one) => one["name"] === "m1.tiny",
  );
  const [cirros] = await demo.list("image", "/images?name=cirros-0.6", "images");
  const [net] = await demo.list("network", "/networks?name=demo-net", "networks");
  flavor = String(tiny?.["id"]);
  image = String(cirros?.["id"]);
  network = String(net?.["id"]);
});
afterAll(() => site[Symbol.asyncDispose]());

async function boot(more: Body = {}): Promise<string> {
  const wish = { name: "box", flavorRef: flavor, imageRef: image, networks: [{ uuid: network }], ...more };
  const server = await demo.create("compute", "/servers", "server", { server: wish });
  return String(server["id"]);
}

const act = (id: string, json: unknown, version?: string) =>
  demo.ask("POST", "compute", `/servers/${id}/action`, version === undefined ? { json } : { json, version });

test("a server is built, runs, stops and starts, and its guest counts on through all of it", async () => {
  const id = await boot({ metadata: { a: "b" } });
  expect(await demo.get("compute", `/servers/${id}`, "server")).toMatchObject({
    status: "BUILD",
    addresses: expect.anything(),
    image: { id: image },
    flavor: { id: flavor },
    metadata: { a: "b" },
    "OS-EXT-STS:vm_state": "building",
  });
  const running = await demo.untilServer(id, "ACTIVE");
  expect(running["addresses"]).toMatchObject({ "demo-net": [{ version: 4, "OS-EXT-IPS:type": "fixed" }] });
  const first = await untilGuest(site, id, (guest) => guest.counter >= 3);
  expect(first).toMatchObject({ boots: 1, uuid: id });

  expect((await act(id, { "os-start": null })).body).toEqual({
    conflictingRequest: {
      code: 409,
      message: `Cannot 'start' instance ${id} while it is in vm_state active`,
    },
  });
  expect((await act(id, { "os-stop": null })).status).toBe(202);
  await demo.untilServer(id, "SHUTOFF");
  const stopped = await untilGuest(site, id, (guest) => guest.status === "off");
  await act(id, { "os-start": null });
  await demo.untilServer(id, "ACTIVE");
  const again = await untilGuest(site, id, (guest) => guest.counter > stopped.counter);
  expect(again).toMatchObject({ boots: 2, uuid: id });
});

test("who is stopping is not stopped again", async () => {
  // at the others' site a server is off within milliseconds, now and then before the second call comes
  await using slow = await openSite({ transition_ms: 1_000 });
  const client = await SiteClient.signIn(slow);
  const [tiny] = await client.list("compute", "/flavors/detail", "flavors");
  const [cirros] = await client.list("image", "/images?name=cirros-0.6", "images");
  const [net] = await client.list("network", "/networks?name=demo-net", "networks");
  const networks = [{ uuid: net?.["id"] }];
  const wish = { name: "box", flavorRef: tiny?.["id"], imageRef: cirros?.["id"], networks };
  const id = String((await client.create("compute", "/servers", "server", { server: wish }))["id"]);
  await client.untilServer(id, "ACTIVE");
  const stop = () => client.ask("POST", "compute", `/servers/${id}/action`, { json: { "os-stop": null } });
  expect((await stop()).status).toBe(202);
  expect((await stop()).body).toMatchObject({
    conflictingRequest: { message: `Cannot 'stop' instance ${id} while it is in task_state powering-off` },
  });
});

test("what is asked wrongly is refused in Nova's words", async () => {
  const ask = (server: Body, version?: string) =>
    demo.ask(
      "POST",
      "compute",
      "/servers",
      version === undefined ? { json: { server } } : { json: { server }, version },
    );
  const good = { name: "x", flavorRef: flavor, imageRef: image, networks: [{ uuid: network }] };
  const none = "70a599e0-31e7-49b7-b260-868f441e862b";
  const messages = async (server: Body, version?: string) => {
    const answer = await ask(server, version);
    return `${answer.status} ${(Object.values(answer.body)[0] as Body)["message"]}`;
  };
  expect(await messages({ ...good, flavorRef: "nope" })).toBe("400 Flavor nope could not be found.");
  expect(await messages({ ...good, imageRef: none })).toBe("400 Can not find requested image");
  expect(await messages({ ...good, key_name: "nope" })).toBe("400 Invalid key_name provided.");
  expect(await messages({ ...good, networks: [{ uuid: none }] })).toBe(
    `400 Network ${none} could not be found.`,
  );
  expect(await messages({ ...good, networks: [{ port: none }] })).toBe(
    `400 Port id ${none} could not be found.`,
  );
  expect(await messages({ name: "x", flavorRef: flavor, networks: [] })).toBe(
    "400 Missing imageRef attribute",
  );
  expect(await messages({ ...good, bogus: 1 })).toContain(
    "Additional properties are not allowed ('bogus' was unexpected)",
  );
  expect(await messages({ name: "x", flavorRef: flavor, imageRef: image }, "compute 2.37")).toContain(
    "'networks' is a required property",
  );
  expect(await messages({ ...good, tags: ["a"] }, "compute 2.51")).toContain("('tags' was unexpected)");
  expect((await ask({ ...good, name: "tagged", tags: ["a"] }, "compute 2.52")).status).toBe(202);
});

test("quotas are named with what was asked, used and allowed", async () => {
  site.faults.setQuota("compute", "demo", { instances: 0, cores: 0 });
  const wish = { name: "x", flavorRef: flavor, imageRef: image, networks: "none" };
  const answer = await demo.ask("POST", "compute", "/servers", {
    json: { server: wish },
    version: "compute 2.37",
  });
  site.faults.setQuota("compute", "demo", { instances: 20, cores: 40 });
  expect(answer.status).toBe(403);
  expect(answer.text).toMatch(
    /Quota exceeded for instances, cores: Requested 1, 1, but already used \d+, \d+ of 0, 0 instances, cores/,
  );
});

test("a lock keeps members from stopping and deleting, but not from taking an image; the reason needs 2.73", async () => {
  const id = await boot();
  await demo.untilServer(id, "ACTIVE");
  expect((await act(id, { lock: { locked_reason: "moved" } }, "compute 2.73")).status).toBe(202);
  expect(await demo.get("compute", `/servers/${id}`, "server", "compute 2.73")).toMatchObject({
    locked: true,
    locked_reason: "moved",
  });
  expect((await act(id, { "os-stop": null })).text).toContain(`Instance ${id} is locked`);
  expect((await demo.ask("DELETE", "compute", `/servers/${id}`)).status).toBe(409);
  const snapshot = await act(id, { createImage: { name: "snap" } }, "compute 2.45");
  expect(snapshot.status).toBe(202);
  expect((await act(id, { unlock: null })).status).toBe(202);
  const image_id = String(snapshot.body["image_id"]);
  await demo.untilServer(id, "ACTIVE");
  const made = await demo.ask("GET", "image", `/images/${image_id}`);
  expect(made.body).toMatchObject({
    status: "active",
    disk_format: "raw",
    size: 2 ** 26,
    min_disk: 1,
    image_type: "snapshot",
    instance_uuid: id,
    visibility: "private",
  });
});

test("a volume of the server shows on both sides, is written by the guest, and comes back by detaching", async () => {
  const id = await boot();
  await demo.untilServer(id, "ACTIVE");
  const volume = await demo.create("volume", "/volumes", "volume", { volume: { size: 1, name: "data" } });
  const volume_id = String(volume["id"]);
  await demo.untilVolume(volume_id, "available");
  const path = `/servers/${id}/os-volume_attachments`;
  const attached = await demo.create("compute", path, "volumeAttachment", {
    volumeAttachment: { volumeId: volume_id },
  });
  expect(attached).toEqual({ id: volume_id, serverId: id, volumeId: volume_id, device: "/dev/vdb" });
  expect(await demo.untilVolume(volume_id, "in-use")).toMatchObject({
    attachments: [{ server_id: id, device: "/dev/vdb" }],
  });
  const [modern] = await demo.list("compute", path, "volumeAttachments", "compute 2.89");
  expect(modern).toMatchObject({
    volumeId: volume_id,
    attachment_id: expect.any(String),
    delete_on_termination: false,
  });
  expect(modern).not.toHaveProperty("id");
  await untilGuest(site, id, (guest) =>
    new RegExp(`^sandbox-data \\d+ \\d+ ${id}$`).test(guest.disks[1]?.line ?? ""),
  );
  expect((await demo.ask("DELETE", "volume", `/volumes/${volume_id}`)).status).toBe(400);
  expect((await demo.ask("DELETE", "compute", `${path}/${volume_id}`)).status).toBe(202);
  await demo.untilVolume(volume_id, "available");
});

test("tags need 2.26; metadata, names and a description change", async () => {
  const id = await boot();
  const tag = `/servers/${id}/tags/job`;
  expect((await demo.ask("PUT", "compute", tag)).status).toBe(404);
  expect((await demo.ask("PUT", "compute", tag, { version: "compute 2.26" })).status).toBe(201);
  expect((await demo.ask("PUT", "compute", tag, { version: "compute 2.26" })).status).toBe(204);
  expect(
    (await demo.ask("PUT", "compute", `/servers/${id}/metadata/k`, { json: { meta: { k: "v" } } })).body,
  ).toEqual({
    meta: { k: "v" },
  });
  const [tagged] = await demo.list("compute", "/servers/detail?tags=job", "servers", "compute 2.26");
  expect(tagged).toMatchObject({ id, tags: ["job"], metadata: { k: "v" } });
  expect((await demo.ask("DELETE", "compute", tag, { version: "compute 2.26" })).status).toBe(204);
  expect((await demo.ask("DELETE", "compute", `/servers/${id}/metadata/k`)).status).toBe(204);
  expect((await demo.ask("DELETE", "compute", `/servers/${id}/metadata/k`)).status).toBe(404);
});

test("a deleted server is gone, but changes-since still tells of it; its own port goes, a given one stays", async () => {
  const port = await demo.create("network", "/ports", "port", {
    port: { network_id: network, name: "mine" },
  });
  const port_id = String(port["id"]);
  const id = await boot({ networks: [{ port: port_id }, { uuid: network }] });
  await demo.untilServer(id, "ACTIVE");
  const ports = await demo.list("network", `/ports?device_id=${id}`, "ports");
  expect(ports.length).toBe(2);
  expect((await demo.ask("DELETE", "compute", `/servers/${id}`)).status).toBe(204);
  await demo.untilGone("compute", `/servers/${id}`);
  const since = new Date(Date.now() - 60_000).toISOString();
  const changed = await demo.list("compute", `/servers/detail?changes-since=${since}`, "servers");
  expect(changed.find((server) => server["id"] === id)).toMatchObject({ status: "DELETED" });
  expect(await demo.list("network", `/ports?device_id=${id}`, "ports")).toEqual([]);
  expect(await demo.get("network", `/ports/${port_id}`, "port")).toMatchObject({
    device_id: "",
    device_owner: "",
  });
});

test("lists page by marker, and administrators see all projects", async () => {
  await boot();
  await boot();
  const first = await demo.ask("GET", "compute", "/servers?limit=1");
  const [link] = first.body["servers_links"] as Array<{ href: string }>;
  expect(link?.href).toContain("limit=1&marker=");
  const next = await fetch(link?.href ?? "", { headers: { "x-auth-token": demo.token } });
  expect(((await next.json()) as { servers: unknown[] }).servers.length).toBe(1);
  expect((await demo.ask("GET", "compute", "/servers?all_tenants=1")).status).toBe(403);
  const admin = await SiteClient.admin(site);
  expect((await admin.list("compute", "/servers", "servers")).length).toBe(0);
  expect((await admin.list("compute", "/servers?all_tenants=1", "servers")).length).toBeGreaterThan(1);
});
