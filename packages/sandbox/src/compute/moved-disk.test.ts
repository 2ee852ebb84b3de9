import { expect, test } from "vitest";
import type { Sandbox } from "../options.ts";
import { type Body, openSite, SiteClient, untilGuest } from "../testing/site-client.ts";

const OCTETS = { "content-type": "application/octet-stream" };

/** Carries an image's bytes from one site to the other, as a mover would. */
async function carry(from: SiteClient, to: SiteClient, image_id: string): Promise<string> {
  const source = (await from.ask("GET", "image", `/images/${image_id}`)).body;
  const { disk_format, container_format } = source;
  const made = await to.ask("POST", "image", "/images", {
    json: { name: "moved", disk_format, container_format },
  });
  const id = String(made.body["id"]);
  const file = await fetch(`${from.endpoint("image")}/images/${image_id}/file`, {
    headers: { "x-auth-token": from.token },
  });
  const body = new Uint8Array(await file.arrayBuffer());
  expect((await to.ask("PUT", "image", `/images/${id}/file`, { body, headers: OCTETS })).status).toBe(204);
  expect((await to.ask("GET", "image", `/images/${id}`)).body["os_hash_value"]).toBe(source["os_hash_value"]);
  return id;
}

async function ids(client: SiteClient): Promise<{ flavor: string; network: string }> {
  const flavors = await client.list("compute", "/flavors/detail", "flavors");
  const tiny = flavors.find((flavor) => flavor["disk"] === 1);
  const [network] = await client.list("network", "/networks?name=demo-net", "networks");
  return { flavor: String(tiny?.["id"]), network: String(network?.["id"]) };
}

async function bootFrom(client: SiteClient, server: Body): Promise<string> {
  const { flavor, network } = await ids(client);
  const made = await client.create("compute", "/servers", "server", {
    server: { name: "moved", flavorRef: flavor, networks: [{ uuid: network }], ...server },
  });
  const id = String(made["id"]);
  await client.untilServer(id, "ACTIVE");
  return id;
}

async function stop(client: SiteClient, id: string): Promise<void> {
  await client.ask("POST", "compute", `/servers/${id}/action`, { json: { "os-stop": null } });
  await client.untilServer(id, "SHUTOFF");
}

async function diskOf(sandbox: Sandbox, id: string) {
  const disk = (await sandbox.disks()).find((one) => one.id === id);
  if (disk === undefined) throw new Error(`no disk ${id}`);
  return disk;
}

test("a root disk that is moved as qcow2 boots at the other site with the same bytes and counts on", async () => {
  await using here = await openSite({ name: "here", release: "zed" });
  await using there = await openSite({ name: "there", release: "2025.1" });
  const source = await SiteClient.signIn(here);
  const target = await SiteClient.signIn(there);
  const [debian] = await source.list("image", "/images?name=debian-12", "images");
  const id = await bootFrom(source, { imageRef: debian?.["id"] });
  await untilGuest(here, id, (guest) => guest.counter >= 3);
  await stop(source, id);
  const { counter } = await untilGuest(here, id, (guest) => guest.status === "off");

  const snapshot = await source.ask("POST", "compute", `/servers/${id}/action`, {
    json: { createImage: { name: "snap" } },
    version: "compute 2.45",
  });
  const image_id = String(snapshot.body["image_id"]);
  await source.untilServer(id, "SHUTOFF");
  const moved = await bootFrom(target, { imageRef: await carry(source, target, image_id) });
  const guest = await untilGuest(there, moved, (one) => one.counter > counter);
  expect(guest).toMatchObject({ uuid: id, boots: 2 });
  expect((await diskOf(there, moved)).sha256_at_boot).toBe((await diskOf(here, id)).sha256);
});

test("volumes are moved by upload_image, and an idle guest leaves their bytes as they came", async () => {
  await using here = await openSite({ name: "here", release: "2025.1" });
  await using there = await openSite({ name: "there", release: "victoria" });
  const source = await SiteClient.signIn(here);
  const target = await SiteClient.signIn(there);
  const [cirros] = await source.list("image", "/images?name=cirros-0.6", "images");
  const root = await source.create("volume", "/volumes", "volume", {
    volume: { size: 1, imageRef: cirros?.["id"] },
  });
  await source.untilVolume(String(root["id"]), "available");
  const mapping = (uuid: unknown) => [
    { boot_index: 0, uuid, source_type: "volume", destination_type: "volume" },
  ];
  const metadata = { "sandbox:guest": "idle" };
  const id = await bootFrom(source, { metadata, block_device_mapping_v2: mapping(root["id"]) });
  await untilGuest(here, id, (guest) => guest.boots === 1);
  await source.ask("DELETE", "compute", `/servers/${id}`);
  await source.untilVolume(String(root["id"]), "available");

  const upload = { image_name: "up", disk_format: "qcow2", container_format: "bare" };
  const uploading = await source.create("volume", `/volumes/${root["id"]}/action`, "os-volume_upload_image", {
    "os-volume_upload_image": upload,
  });
  await source.untilVolume(String(root["id"]), "available");
  const image_id = await carry(source, target, String(uploading["image_id"]));
  const volume = await target.create("volume", "/volumes", "volume", {
    volume: { size: 1, imageRef: image_id },
  });
  expect(await target.untilVolume(String(volume["id"]), "available")).toMatchObject({ bootable: "true" });
  const moved = await bootFrom(target, { metadata, block_device_mapping_v2: mapping(volume["id"]) });
  expect(await untilGuest(there, moved, (guest) => guest.status === "running")).toMatchObject({
    uuid: id,
    boots: 1,
  });
  const before = await diskOf(here, String(root["id"]));
  expect(await diskOf(there, String(volume["id"]))).toMatchObject({
    sha256: before.sha256,
    sha256_at_boot: before.sha256,
  });
});
