import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { startSandbox } from "@uniview/sandbox";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  createSnapshot,
  deleteSnapshot,
  waitForSnapshot,
  waitForSnapshotGone,
} from "./block-storage/snapshots.ts";
import { uploadVolumeToImage } from "./block-storage/volume-actions.ts";
import { createVolume, deleteVolume, waitForVolume, waitForVolumeGone } from "./block-storage/volumes.ts";
import { createServer } from "./compute/create-server.ts";
import { listFlavors } from "./compute/flavors.ts";
import { createServerImage, lockServer, stopServer, unlockServer } from "./compute/server-actions.ts";
import { getServer, listServers, removeServer, waitForServer } from "./compute/servers.ts";
import { attachVolume, detachVolume, listVolumeAttachments } from "./compute/volume-attachments.ts";
import {
  createApplicationCredential,
  deleteApplicationCredential,
} from "./identity/application-credentials.ts";
import { downloadImageData, uploadImageData } from "./image/image-data.ts";
import { createImage, deleteImage, waitForImage } from "./image/images.ts";
import { collect, createSession, describeSite, type Session } from "./index.ts";
import { listNetworks } from "./network/networks.ts";
import { createPort } from "./network/ports.ts";

const BLOCK = Buffer.alloc(1024 * 1024, "uniview");

/** The same calls against each release: what an older site gets differs, what comes back does not. */
describe.each([
  ["queens", "Queens"],
  ["train", "Train"],
  ["victoria", "Victoria"],
  ["zed", "Zed"],
  ["2025.1", "2025.1 to 2025.2"],
  ["2026.1", "2026.1 or newer"],
] as const)("on a simulated site of %s", (release, seen) => {
  let sandbox: Awaited<ReturnType<typeof startSandbox>>;
  let session: Session;
  let dir: string;

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), "uniview-openstack-"));
    sandbox = await startSandbox({ name: "here", release, dir, seed: "empty", transition_ms: 1 });
    const { auth_url } = sandbox;
    const auth = { type: "password", username: "demo", password: "password", project_name: "demo" } as const;
    session = createSession({ auth_url, auth, region_name: "here" });
  });

  afterAll(async () => {
    await session.close();
    await sandbox.close();
    await rm(dir, { recursive: true, force: true });
  });

  test("its release is recognised and everything is there", async () => {
    const description = await describeSite(session);
    expect(description).toMatchObject({ release: { name: seen, confidence: "high" }, unavailable: [] });
    expect(description.services.filter((service) => service.state === "unavailable")).toEqual([]);
  });

  test("an application credential signs in like its user", async () => {
    const keystone = await session.service("identity");
    const user_id = session.user?.id ?? "";
    const { id, secret } = await createApplicationCredential(keystone, user_id, { name: "uniview" });
    const auth = { type: "application_credential", id, secret } as const;
    const other = createSession({ auth_url: sandbox.auth_url, auth, region_name: "here" });
    expect((await other.token()).user.id).toBe(user_id);
    await other.close();
    await deleteApplicationCredential(keystone, user_id, id);
  });

  test("tokens that the site ends are renewed without a word", async () => {
    const nova = await session.service("compute");
    sandbox.faults.expireTokens();
    expect(await collect(listServers(nova))).toEqual([]);
  });

  test("image data comes back as it went", async () => {
    const glance = await session.service("image");
    const id = randomUUID();
    await createImage(glance, { id, name: "bytes", disk_format: "raw", container_format: "bare" });
    await uploadImageData(glance, id, Readable.from([BLOCK]), { size_bytes: BLOCK.length });
    expect(await waitForImage(glance, id)).toMatchObject({ size: BLOCK.length });
    const { body, offset_bytes } = await downloadImageData(glance, id, { offset_bytes: 500_000 });
    expect(Buffer.concat(await body.toArray()).equals(BLOCK.subarray(offset_bytes))).toBe(true);
    await deleteImage(glance, id);
  });

  test("a server lives its life", async () => {
    const [nova, cinder, glance, neutron] = await Promise.all([
      session.service("compute"),
      session.service("block-storage"),
      session.service("image"),
      session.service("network"),
    ]);
    const networks = await collect(listNetworks(neutron));
    const network = networks.find((candidate) => candidate.project_id === session.project?.id);
    const [flavor] = await collect(listFlavors(nova));
    const volume = await createVolume(cinder, { name: "data", size: 1 });
    await waitForVolume(cinder, volume.id, "available");
    const image = await createImage(glance, { name: "boot", disk_format: "raw", container_format: "bare" });
    await uploadImageData(glance, image.id, Readable.from([BLOCK]), { size_bytes: BLOCK.length });

    const port = await createPort(neutron, { network_id: network?.id ?? "", name: "nic" });
    const { id, degraded } = await createServer(nova, {
      name: "web",
      flavorRef: flavor?.id ?? "",
      imageRef: image.id,
      networks: [{ port: port.id }],
      hostname: "web",
    });
    expect(degraded.map(({ operation }) => operation)).toEqual(
      nova.supports("2.90") ? [] : ["create_server.hostname"],
    );
    await waitForServer(nova, id, "ACTIVE");
    await attachVolume(nova, id, { volume_id: volume.id });
    await waitForVolume(cinder, volume.id, "in-use");
    expect(await listVolumeAttachments(nova, id)).toMatchObject([{ volumeId: volume.id }]);

    const snapshot = await createSnapshot(cinder, { volume_id: volume.id, name: "in use" });
    await waitForSnapshot(cinder, snapshot.id, "available");
    await deleteSnapshot(cinder, snapshot.id);
    await waitForSnapshotGone(cinder, snapshot.id);

    await stopServer(nova, id);
    await waitForServer(nova, id, "SHUTOFF");
    const silent = await lockServer(nova, id, "moving");
    expect(silent.map(({ operation }) => operation)).toEqual(
      nova.supports("2.73") ? [] : ["lock_server.reason"],
    );
    const locked = await getServer(nova, id);
    expect(locked.locked).toBe(true);
    expect(locked.locked_reason).toBe(nova.supports("2.73") ? "moving" : undefined);
    await unlockServer(nova, id);
    const copy = await createServerImage(nova, id, { name: "copy" });
    await waitForImage(glance, copy);
    await deleteImage(glance, copy);

    await detachVolume(nova, id, volume.id);
    await waitForVolume(cinder, volume.id, "available");
    const uploaded = await uploadVolumeToImage(cinder, volume.id, { image_name: "data" });
    await waitForImage(glance, uploaded);
    await waitForVolume(cinder, volume.id, "available");
    await deleteImage(glance, uploaded);
    await deleteVolume(cinder, volume.id);
    await waitForVolumeGone(cinder, volume.id);

    const before = new Date(Date.now() - 60_000).toISOString();
    await removeServer(nova, id);
    await deleteImage(glance, image.id);
    expect(await collect(listServers(nova))).toEqual([]);
    const changed = await collect(listServers(nova, { changes_since: before }));
    expect(changed.map((server) => [server.id, server.status])).toEqual([[id, "DELETED"]]);
  });

  test("a site that is down is unreachable, and well again when it is up", async () => {
    const nova = await session.service("compute");
    await sandbox.faults.down();
    await expect(collect(listServers(nova))).rejects.toMatchObject({
      name: "SiteUnreachable",
      retryable: true,
    });
    await sandbox.faults.up();
    expect(await collect(listServers(nova))).toEqual([]);
  });
});
