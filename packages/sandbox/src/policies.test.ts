import { expect, test } from "vitest";
import type { ReleaseName } from "./releases.ts";
import { openSite, SiteClient } from "./testing/site-client.ts";

const NOBODY = "00000000-0000-4000-8000-000000000000";

async function statusOf(release: ReleaseName, denied: string, path: string, json: object): Promise<number> {
  await using site = await openSite({ release, denied_policies: [denied] });
  const demo = await SiteClient.signIn(site);
  return (await demo.ask("POST", "compute", path, { json })).status;
}

test("of a server that is not there Nova says 403 before Ussuri and 404 later, where its policy denies", async () => {
  const image = ["os_compute_api:servers:create_image", `/servers/${NOBODY}/action`] as const;
  const body = { createImage: { name: "i" } };
  expect([await statusOf("train", ...image, body), await statusOf("victoria", ...image, body)]).toEqual([
    403, 404,
  ]);
  const volume = [
    "os_compute_api:os-volumes-attachments:create",
    `/servers/${NOBODY}/os-volume_attachments`,
  ] as const;
  const attachment = { volumeAttachment: { volumeId: NOBODY } };
  expect([
    await statusOf("queens", ...volume, attachment),
    await statusOf("2025.1", ...volume, attachment),
  ]).toEqual([403, 404]);
  const lock = ["os_compute_api:os-lock-server:lock", `/servers/${NOBODY}/action`] as const;
  expect(await statusOf("train", ...lock, { lock: null })).toBe(404);
});

test("a site's operator may deny a rule for good, to everyone but administrators", async () => {
  await using site = await openSite({ denied_policies: ["add_image", "create_port:mac_address"] });
  const [demo, admin] = [await SiteClient.signIn(site), await SiteClient.admin(site)];
  const [image] = await demo.list("image", "/images", "images");
  const json = { id: image?.["id"], disk_format: "raw", container_format: "bare" };
  expect((await demo.ask("POST", "image", "/images", { json })).status).toBe(403);
  expect((await admin.ask("POST", "image", "/images", { json })).status).toBe(409);

  const networks = await demo.list("network", "/networks", "networks");
  const network = networks.find(({ project_id }) => project_id === demo.project_id);
  const port = { network_id: network?.["id"], mac_address: "fa:16:3e:00:00:01" };
  const answer = await demo.ask("POST", "network", "/ports", { json: { port } });
  expect([answer.status, answer.text]).toEqual([403, expect.stringContaining("create_port:mac_address")]);
});

test("an image takes no more metadata than its quota below 2.39", async () => {
  await using site = await openSite();
  const demo = await SiteClient.signIn(site);
  const [flavor] = await demo.list("compute", "/flavors", "flavors");
  const [image] = await demo.list("image", "/images", "images");
  const order = { server: { name: "s", flavorRef: flavor?.["id"], imageRef: image?.["id"] } };
  const server = await demo.create("compute", "/servers", "server", order);
  const metadata = Object.fromEntries(Array.from({ length: 129 }, (_, at) => [`k${at}`, ""]));
  const path = `/servers/${server["id"]}/action`;
  const json = { createImage: { name: "i", metadata } };
  expect((await demo.ask("POST", "compute", path, { json, version: "compute 2.38" })).text).toContain(
    "Image metadata limit exceeded",
  );
});
