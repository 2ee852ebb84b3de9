import assert from "node:assert/strict";
import { deleteSnapshot, listSnapshots, waitForSnapshotGone } from "../../src/block-storage/snapshots.ts";
import { listFlavors } from "../../src/compute/flavors.ts";
import { listServerInterfaces } from "../../src/compute/interfaces.ts";
import { deleteKeypair, getKeypair, importKeypair, listKeypairs } from "../../src/compute/keypairs.ts";
import {
  createServerImage,
  lockServer,
  startServer,
  stopServer,
  unlockServer,
} from "../../src/compute/server-actions.ts";
import {
  addServerTag,
  deleteServerMetadataKey,
  deleteServerTag,
  setServerMetadata,
} from "../../src/compute/server-metadata.ts";
import {
  findServersByMetadata,
  getServer,
  getServerFlavorId,
  listServers,
  waitForServer,
} from "../../src/compute/servers.ts";
import { isStatus } from "../../src/errors/openstack-error.ts";
import { deleteImage, waitForImage } from "../../src/image/images.ts";
import { degradedAt } from "../../src/negotiation/negotiate.ts";
import { collect } from "../../src/service/list-pages.ts";
import type { Clause } from "./clause.ts";

const PUBLIC_KEY =
  "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIG3mZ0m0dU7hfo0TtS5HbBmBLnwOS8BaRsNVLVkE7mZ4 contract";

export const SERVER_CLAUSES: readonly Clause[] = [
  {
    service: "compute",
    says: "Flavors are listed page by page with their extra specs",
    async try({ nova, flavor_id }) {
      const flavors = await collect(listFlavors(nova, { page_size: 1 }));
      assert.ok(flavors.some(({ id }) => id === flavor_id));
      assert.equal(new Set(flavors.map(({ id }) => id)).size, flavors.length);
      return degradedAt(nova, ["read_flavor.extra_specs"]);
    },
  },
  {
    service: "compute",
    says: "Keypairs are brought, listed page by page and removed",
    async try({ nova, prefix, later }) {
      const names = [`${prefix}-a`, `${prefix}-b`];
      for (const name of names) {
        await importKeypair(nova, name, PUBLIC_KEY);
        later(() => deleteKeypair(nova, name).catch(() => undefined));
      }
      const listed = await collect(listKeypairs(nova, { page_size: 1 }));
      for (const name of names) {
        assert.equal(listed.filter((keypair) => keypair.name === name).length, 1);
        assert.equal((await getKeypair(nova, name)).public_key.trim(), PUBLIC_KEY);
        await deleteKeypair(nova, name);
      }
      return degradedAt(nova, ["list_keypairs.pages"]);
    },
  },
  {
    service: "compute",
    says: "A server is built with description, tags, hostname and a tagged NIC, as far as the site knows them",
    async try(site) {
      const { id, degraded, hostname, tag, port_id } = await site.server();
      const lost = new Set(degraded.map(({ operation }) => operation));
      const server = await getServer(site.nova, id);
      assert.equal(server.status, "ACTIVE");
      if (!lost.has("create_server.tags")) assert.deepEqual(server.tags, [tag]);
      if (!lost.has("create_server.hostname")) assert.equal(server["OS-EXT-SRV-ATTR:hostname"], hostname);
      const [nic] = await listServerInterfaces(site.nova, id);
      assert.equal(nic?.port_id, port_id);
      return degraded;
    },
  },
  {
    service: "compute",
    says: "A server is read with its flavor, and found by its metadata",
    async try(site) {
      const { id } = await site.server();
      assert.equal(await getServerFlavorId(site.nova, id), site.flavor_id);
      const { flavor } = await getServer(site.nova, id);
      assert.ok(flavor.vcpus !== undefined || flavor.id !== undefined);
      const found = await findServersByMetadata(site.nova, "contract", site.prefix);
      assert.deepEqual(
        found.map((server) => server.id),
        [id],
      );
      return degradedAt(site.nova, ["read_server.details", "read_interface.tag"]);
    },
  },
  {
    service: "compute",
    says: "Metadata and tags are put on a server and taken off again",
    async try(site) {
      const { nova } = site;
      const { id } = await site.server();
      await setServerMetadata(nova, id, { colour: "red" });
      const notes = await addServerTag(nova, id, "later");
      const marked = await getServer(nova, id);
      assert.equal(marked.metadata?.["colour"], "red");
      if (notes.length === 0) assert.ok(marked.tags?.includes("later"));
      await deleteServerMetadataKey(nova, id, "colour");
      await deleteServerTag(nova, id, "later");
      const bare = await getServer(nova, id);
      assert.equal(bare.metadata?.["colour"], undefined);
      assert.ok(!bare.tags?.includes("later"));
      return notes;
    },
  },
  {
    service: "compute",
    says: "A locked server keeps the reason, refuses its owner, and is unlocked again",
    async try(site) {
      const { nova } = site;
      const { id } = await site.server();
      const notes = await lockServer(nova, id, "The contract says so.");
      const server = await getServer(nova, id);
      assert.equal(server.locked, true);
      if (notes.length === 0) assert.equal(server.locked_reason, "The contract says so.");
      await assert.rejects(stopServer(nova, id), (error) => isStatus(error, 409));
      await unlockServer(nova, id);
      assert.equal((await getServer(nova, id)).locked, false);
      return notes;
    },
  },
  {
    service: "compute",
    says: "A server is shut off and started",
    async try(site) {
      const { id } = await site.server();
      await stopServer(site.nova, id);
      await waitForServer(site.nova, id, "SHUTOFF");
      await startServer(site.nova, id);
      await waitForServer(site.nova, id, "ACTIVE");
      return [];
    },
  },
  {
    service: "compute",
    says: "An image is made of a server's own disk, and its id is known",
    async try(site) {
      const { nova, glance, cinder, prefix } = site;
      const { id } = await site.server();
      const image_id = await createServerImage(nova, id, { name: `${prefix}-copy` });
      site.later(() => deleteImage(glance, image_id).catch(() => undefined));
      const image = await waitForImage(glance, image_id);
      assert.ok((image.size ?? 0) > 0);
      await waitForServer(nova, id, "ACTIVE");
      await deleteImage(glance, image_id);
      const snapshots = await collect(listSnapshots(cinder));
      for (const snapshot of snapshots.filter(({ name }) => name === `snapshot for ${prefix}-copy`)) {
        await deleteSnapshot(cinder, snapshot.id);
        await waitForSnapshotGone(cinder, snapshot.id);
      }
      return [];
    },
  },
  {
    service: "compute",
    says: "What changed since a moment is listed, and only that",
    async try(site) {
      const { id } = await site.server();
      const { updated = "" } = await getServer(site.nova, id);
      const changed = await collect(listServers(site.nova, { changes_since: updated }));
      assert.ok(changed.some((server) => server.id === id));
      const tomorrow = new Date(Date.now() + 86_400_000).toISOString();
      assert.deepEqual(await collect(listServers(site.nova, { changes_since: tomorrow })), []);
      return [];
    },
  },
];
