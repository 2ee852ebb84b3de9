import { expect, test } from "vitest";
import { RELEASES, type ReleaseName } from "./releases.ts";
import { type Body, openSite, SiteClient } from "./testing/site-client.ts";

const NAMES = Object.keys(RELEASES) as ReleaseName[];

async function ready(release: ReleaseName) {
  const site = await openSite({ release });
  const demo = await SiteClient.signIn(site);
  const [flavor] = await demo.list("compute", "/flavors", "flavors");
  const [image] = await demo.list("image", "/images", "images");
  const networks = await demo.list("network", "/networks", "networks");
  const network = networks.find(({ project_id }) => project_id === demo.project_id);
  const order = (more: Body): Body => ({
    server: {
      name: "s",
      flavorRef: flavor?.["id"],
      imageRef: image?.["id"],
      networks: [{ uuid: network?.["id"] }],
      ...more,
    },
  });
  return { site, demo, order, network_id: network?.["id"] };
}

test("device tags are refused before 2.32, after it, and taken again from 2.42 on", async () => {
  const { site, demo, order, network_id } = await ready("queens");
  await using _ = site;
  const statusOf = async (version: string, more: Body) =>
    (await demo.ask("POST", "compute", "/servers", { json: order(more), version: `compute ${version}` }))
      .status;
  const nic = { networks: [{ uuid: network_id, tag: "nic" }] };
  const disk = {
    block_device_mapping_v2: [
      { source_type: "blank", destination_type: "volume", volume_size: 1, tag: "disk" },
    ],
  };
  expect([await statusOf("2.31", nic), await statusOf("2.36", nic), await statusOf("2.37", nic)]).toEqual([
    400, 202, 400,
  ]);
  expect([await statusOf("2.32", disk), await statusOf("2.33", disk), await statusOf("2.41", disk)]).toEqual([
    202, 400, 400,
  ]);
  expect([await statusOf("2.42", nic), await statusOf("2.42", disk)]).toEqual([202, 202]);
});

test("fields of an attachment are refused by a microversion that does not know them", async () => {
  const { site, demo, order } = await ready("train");
  await using _ = site;
  const server = await demo.create("compute", "/servers", "server", order({}));
  const path = `/servers/${server["id"]}/os-volume_attachments`;
  const isUnexpected = async (version: string, fields: Body) => {
    const json = { volumeAttachment: { volumeId: "none", ...fields } };
    const answer = await demo.ask("POST", "compute", path, { json, version: `compute ${version}` });
    return answer.text.includes("was unexpected");
  };
  expect([await isUnexpected("2.48", { tag: "t" }), await isUnexpected("2.49", { tag: "t" })]).toEqual([
    true,
    false,
  ]);
  const fate = { delete_on_termination: true };
  expect([await isUnexpected("2.78", fate), await isUnexpected("2.79", fate)]).toEqual([true, false]);
});

test("unknown query parameters pass by until 2.75 in lists of servers, and until 2.102 elsewhere", async () => {
  await using site = await openSite({ release: "2026.1" });
  const demo = await SiteClient.signIn(site);
  const statusOf = async (path: string, version: string) =>
    (await demo.ask("GET", "compute", `${path}?colour=red`, { version: `compute ${version}` })).status;
  expect([await statusOf("/servers/detail", "2.74"), await statusOf("/servers/detail", "2.75")]).toEqual([
    200, 400,
  ]);
  expect([await statusOf("/limits", "2.101"), await statusOf("/limits", "2.102")]).toEqual([200, 400]);
  const known = await demo.ask(
    "GET",
    "compute",
    "/servers/detail?limit=5&changes-since=2026-01-01T00:00:00Z",
    {
      version: "compute 2.103",
    },
  );
  expect(known.status).toBe(200);
});

test("attaching a volume is answered at once and without a body from 2.101 on", async () => {
  const { site, demo, order } = await ready("2026.1");
  await using _ = site;
  const server = await demo.create("compute", "/servers", "server", order({}), "compute 2.42");
  await demo.untilServer(String(server["id"]), "ACTIVE");
  for (const [version, status] of [
    ["2.100", 200],
    ["2.101", 202],
  ] as const) {
    const volume = await demo.create("volume", "/volumes", "volume", { volume: { size: 1 } });
    await demo.untilVolume(String(volume["id"]), "available");
    const json = { volumeAttachment: { volumeId: volume["id"] } };
    const path = `/servers/${server["id"]}/os-volume_attachments`;
    const answer = await demo.ask("POST", "compute", path, { json, version: `compute ${version}` });
    expect(answer.status).toBe(status);
    expect(answer.text === "").toBe(status === 202);
    await demo.untilVolume(String(volume["id"]), "in-use");
  }
});

test("the image of a volume-backed server is a volume's source from 3.46 on, and an error before", async () => {
  const { site, demo, order } = await ready("queens");
  await using _ = site;
  const image_id = (order({})["server"] as Body)["imageRef"];
  const root = {
    boot_index: 0,
    uuid: image_id,
    source_type: "image",
    destination_type: "volume",
    volume_size: 1,
  };
  const json = order({ imageRef: "", block_device_mapping_v2: [root] });
  const server = await demo.create("compute", "/servers", "server", json, "compute 2.42");
  await demo.untilServer(String(server["id"]), "ACTIVE");
  const made = await demo.ask("POST", "compute", `/servers/${server["id"]}/action`, {
    json: { createImage: { name: "copy" } },
    version: "compute 2.45",
  });
  const imageRef = made.body["image_id"];
  const [snapshot] = await demo.list("volume", "/snapshots", "snapshots");
  const isThere = (body: Body) => body["status"] === "available";
  await demo.until("volume", `/snapshots/${snapshot?.["id"]}`, "snapshot", isThere);
  for (const [version, status] of [
    ["3.45", "error"],
    ["3.46", "available"],
  ] as const) {
    const wish = { volume: { size: 1, imageRef } };
    const volume = await demo.create("volume", "/volumes", "volume", wish, `volume ${version}`);
    await demo.untilVolume(String(volume["id"]), status);
  }
});

test("images have a hash and can be hidden from Rocky on", async () => {
  for (const [release, has] of [
    ["queens", false],
    ["train", true],
  ] as const) {
    await using site = await openSite({ release });
    const demo = await SiteClient.signIn(site);
    const [image] = await demo.list("image", "/images", "images");
    expect(Object.hasOwn(image ?? {}, "os_hash_value")).toBe(has);
    expect(Object.hasOwn(image ?? {}, "os_hidden")).toBe(has);
  }
});

test.each(NAMES)(
  "Cinder of %s has its second version beside the third as long as that lasted",
  async (release) => {
    await using site = await openSite({ release });
    const demo = await SiteClient.signIn(site);
    const root = demo.endpoint("volume").replace(/\/v3.*$/, "/");
    const { versions } = (await (await fetch(root)).json()) as { versions: { id: string }[] };
    const old = ["queens", "train", "victoria"].includes(release);
    expect(versions.map(({ id }) => id)).toEqual(old ? ["v2.0", "v3.0"] : ["v3.0"]);
  },
);
