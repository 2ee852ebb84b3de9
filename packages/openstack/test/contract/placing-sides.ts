import { waitForVolume } from "../../src/block-storage/volumes.ts";
import { createServer } from "../../src/compute/create-server.ts";
import { rebuildServer } from "../../src/compute/rebuild-server.ts";
import { getServer, removeServer, waitForServer } from "../../src/compute/servers.ts";
import type { ServiceClient } from "../../src/service/service-client.ts";
import { BLANK, type Case, outcomeOf, rootOf, type Sides } from "./sides.ts";

const HOST = "compute-1";

/** What only some servers are made with, or are made into, on both sides of each boundary. */
export const PLACING_SIDES: readonly Case[] = [
  [
    "create_server.trusted_certificates",
    async (nova, { order }) => {
      const { server, lost } = await order(nova, { trusted_image_certificates: ["ca-1"] });
      return [server.trusted_image_certificates, lost];
    },
    [
      ["2.63", [["ca-1"], []]],
      ["2.62", [null, ["create_server.trusted_certificates"]]],
    ],
  ],
  [
    "create_server.host",
    async (nova, { site, admin }) => {
      // The call is an administrator's, who has no network of their own here.
      const as_admin = { ...admin.nova, versions: nova.versions };
      const wish = { name: "placed", flavorRef: site.flavor_id, imageRef: site.image.id, host: HOST };
      const { id, degraded } = await createServer(as_admin, { ...wish, networks: "none" });
      await waitForServer(admin.nova, id, "ACTIVE");
      const server = await admin.nova.get<{ "OS-EXT-SRV-ATTR:host": string }>(`/servers/${id}`, {
        unwrap: "server",
      });
      await removeServer(admin.nova, id);
      return [server["OS-EXT-SRV-ATTR:host"], degraded.length];
    },
    [
      ["2.74", [HOST, 0]],
      ["2.73", [HOST, 1]],
    ],
  ],
  [
    "create_server.multiattach_volume",
    async (nova, { site, order }) => {
      const { id } = await site.cinder.post<{ id: string }>("/volumes", {
        body: { volume: { name: "many", size: 1, multiattach: true } },
        unwrap: "volume",
      });
      await waitForVolume(site.cinder, id, "available");
      const disk = {
        source_type: "volume",
        destination_type: "volume",
        uuid: id,
        multiattach: true,
      } as const;
      const ordered = order(nova, { block_device_mapping_v2: [rootOf(site), disk] });
      return await outcomeOf(ordered.then(({ disks }) => disks.map((one) => one.id === id)));
    },
    [
      ["2.60", [true]],
      ["2.59", "NotOffered"],
    ],
  ],
  [
    "create_server.guaranteed_bandwidth",
    async (nova, on) => {
      const port = await guaranteedPort(on);
      const ordered = on.order(nova, { networks: [{ port, guaranteed_bandwidth: true }] });
      return await outcomeOf(ordered.then(({ server }) => Object.keys(server.addresses ?? {}).length));
    },
    [
      ["2.72", 1],
      ["2.71", "NotOffered"],
    ],
  ],
  [
    "rebuild_server.volume_backed",
    async (nova, { site }) => {
      const id = await volumeBacked(site.nova, site);
      const order = { image_id: site.image.id, is_volume_backed: true };
      const rebuilt = await outcomeOf(rebuildServer(nova, id, order));
      await waitForServer(site.nova, id, "ACTIVE");
      const { image } = await getServer(site.nova, id);
      await removeServer(site.nova, id);
      return [rebuilt, image];
    },
    [
      ["2.93", [undefined, ""]],
      ["2.92", ["NotOffered", ""]],
    ],
  ],
];

async function volumeBacked(nova: ServiceClient, site: Sides["site"]): Promise<string> {
  const { id } = await createServer(nova, {
    name: "on-a-volume",
    flavorRef: site.flavor_id,
    networks: "none",
    block_device_mapping_v2: [{ ...BLANK, source_type: "image", uuid: site.image.id, boot_index: 0 }],
  });
  await waitForServer(nova, id, "ACTIVE");
  return id;
}

/** A port with a policy of the operator that guarantees it bandwidth. */
async function guaranteedPort({ site, admin }: Sides): Promise<string> {
  const body = { policy: { name: "guaranteed", shared: true } };
  const { id } = await admin.neutron.post<{ id: string }>("/qos/policies", { body, unwrap: "policy" });
  await admin.neutron.post(`/qos/policies/${id}/minimum_bandwidth_rules`, {
    body: { minimum_bandwidth_rule: { min_kbps: 1000, direction: "egress" } },
  });
  const port = { network_id: site.network.id, qos_policy_id: id };
  const made = await site.neutron.post<{ id: string }>("/ports", { body: { port }, unwrap: "port" });
  return made.id;
}
