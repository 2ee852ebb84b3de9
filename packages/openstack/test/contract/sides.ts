import { getVolume, type Volume, waitForVolume } from "../../src/block-storage/volumes.ts";
import { type BlockDevice, createServer, type NewServer } from "../../src/compute/create-server.ts";
import type { Server } from "../../src/compute/server.ts";
import { getServer, removeServer, waitForServer } from "../../src/compute/servers.ts";
import {
  attachVolume,
  detachVolume,
  listVolumeAttachments,
  type VolumeAttachment,
} from "../../src/compute/volume-attachments.ts";
import { OpenStackError } from "../../src/errors/openstack-error.ts";
import type { OperationName } from "../../src/negotiation/operations.ts";
import type { ServiceClient } from "../../src/service/service-client.ts";
import type { ContractSite } from "./contract-site.ts";

/** What a site that ends at this microversion is seen to do. */
type Side = readonly [max: string, seen: unknown];

export type Case = readonly [
  name: OperationName,
  look: (client: ServiceClient, on: Sides) => Promise<unknown>,
  sides: readonly Side[],
];

export interface Admin {
  readonly nova: ServiceClient;
  readonly cinder: ServiceClient;
  readonly glance: ServiceClient;
  readonly neutron: ServiceClient;
}

export interface Sides {
  readonly site: ContractSite;
  /** The same site as its administrator sees it, who is in another project. */
  readonly admin: Admin;
  /** Orders a server of an older site and tells, by the newest reading, what it became. */
  order(
    nova: ServiceClient,
    wish: Partial<NewServer>,
  ): Promise<{ server: Server; disks: Volume[]; lost: OperationName[] }>;
  /** Attaches the site's volume to its server, looks, and detaches it. */
  attach(
    nova: ServiceClient,
    wish: { tag?: string; delete_on_termination?: boolean },
  ): Promise<{
    attachment: VolumeAttachment;
    there: VolumeAttachment | undefined;
    lost: OperationName[];
  }>;
}

export const BLANK = {
  source_type: "blank",
  destination_type: "volume",
  volume_size: 1,
  delete_on_termination: true,
} as const;

export function rootOf(site: ContractSite): BlockDevice {
  return { boot_index: 0, uuid: site.image.id, source_type: "image", destination_type: "local" };
}

export function endingAt(client: ServiceClient, max: string): ServiceClient {
  return { ...client, versions: { ...client.versions, max } };
}

export function sidesOf(site: ContractSite, admin: Admin): Sides {
  return {
    site,
    admin,
    async order(nova, wish) {
      const { id, degraded } = await createServer(nova, {
        name: `${site.prefix}-ordered`,
        flavorRef: site.flavor_id,
        imageRef: site.image.id,
        networks: [{ uuid: site.network.id }],
        ...wish,
      });
      await waitForServer(site.nova, id, "ACTIVE");
      const server = await getServer(site.nova, id);
      const attached = await listVolumeAttachments(site.nova, id);
      const disks = await Promise.all(attached.map(({ volumeId }) => getVolume(site.cinder, volumeId)));
      await removeServer(site.nova, id);
      return { server, disks, lost: degraded.map(({ operation }) => operation) };
    },
    async attach(nova, wish) {
      const [{ id }, volume_id] = [await site.server(), await site.volume()];
      const { attachment, degraded } = await attachVolume(nova, id, { volume_id, ...wish });
      await waitForVolume(site.cinder, volume_id, "in-use");
      const [there] = await listVolumeAttachments(site.nova, id);
      await detachVolume(nova, id, volume_id);
      await waitForVolume(site.cinder, volume_id, "available");
      return { attachment, there, lost: degraded.map(({ operation }) => operation) };
    },
  };
}

/** What a call comes to: its value, or the name or status of what it is refused with. */
export async function outcomeOf<T>(call: Promise<T>): Promise<T | string | number> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof OpenStackError) return error.status;
    if (error instanceof Error) return error.name;
    throw error;
  }
}
