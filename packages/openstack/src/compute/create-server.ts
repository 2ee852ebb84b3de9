import { OpenStackError } from "../errors/openstack-error.ts";
import type { Degraded } from "../negotiation/degraded.ts";
import { negotiate } from "../negotiation/negotiate.ts";
import { wanted } from "../negotiation/operation.ts";
import { OPERATIONS, type OperationName, type WayOf } from "../negotiation/operations.ts";
import type { ServiceClient } from "../service/service-client.ts";

/** @see https://docs.openstack.org/api-ref/compute/#create-server */
export interface BlockDevice {
  boot_index?: number | null;
  uuid?: string;
  source_type: "volume" | "image" | "snapshot" | "blank";
  destination_type: "volume" | "local";
  volume_size?: number;
  /** An older site makes the volume of its default type. */
  volume_type?: string;
  delete_on_termination?: boolean;
  tag?: string;
  device_name?: string;
  disk_bus?: string;
  device_type?: string;
  guest_format?: string;
}

export interface ServerNetwork {
  port?: string;
  uuid?: string;
  fixed_ip?: string;
  tag?: string;
}

export interface NewServer {
  name: string;
  flavorRef: string;
  /** Leave out when booting from a volume. */
  imageRef?: string;
  networks: readonly ServerNetwork[] | "auto" | "none";
  block_device_mapping_v2?: readonly BlockDevice[];
  security_groups?: readonly { name: string }[];
  key_name?: string;
  availability_zone?: string;
  metadata?: Readonly<Record<string, string>>;
  /** base64 */
  user_data?: string;
  config_drive?: boolean;
  description?: string;
  tags?: readonly string[];
  /** What the guest is told its name is. */
  hostname?: string;
  "OS-DCF:diskConfig"?: "AUTO" | "MANUAL";
}

export interface CreatedServer {
  id: string;
  /** Wishes that this site is too old for. Losing one changes how the server is described, not how it runs. */
  degraded: readonly Degraded[];
}

/**
 * Asks Nova to build a server and returns as soon as it has taken the order (wait with `waitForServer`).
 * The lowest microversion that loses least is asked for. The administrator's password that Nova makes up is dropped.
 *
 * Not idempotent: after a lost answer look for the server by its metadata before asking again.
 * @throws OpenStackError 400 bad field, 403 quota (the message names it), 409 port in use
 * @throws NotOffered `networks: "none"` on a site that is too old for it
 */
export async function createServer(
  nova: ServiceClient,
  server: NewServer,
  scheduler_hints?: Readonly<Record<string, string | string[]>>,
): Promise<CreatedServer> {
  const { microversion, ways, degraded } = negotiate(nova, ...wishesOf(server));
  const body = { server: fieldsOf(server, ways), "os:scheduler_hints": scheduler_hints };
  const { id } = await nova.post<{ id: string }>("/servers", { body, microversion, unwrap: "server" });
  const untagged = ways["create_server.tags"] === "afterwards" ? await tagNow(nova, id, server) : [];
  return { id, degraded: [...degraded, ...untagged] };
}

type Wish = Extract<OperationName, `create_server.${string}`>;

function wishesOf(server: NewServer): Wish[] {
  const { networks, block_device_mapping_v2: disks = [], description, tags = [], hostname } = server;
  const nics = typeof networks === "string" ? [] : networks;
  const wishes: Readonly<Record<Wish, boolean>> = {
    "create_server.description": description !== undefined,
    "create_server.tags": tags.length > 0,
    "create_server.hostname": hostname !== undefined,
    "create_server.automatic_network": networks === "auto",
    "create_server.no_network": networks === "none",
    "create_server.nic_tag": nics.some(({ tag }) => tag !== undefined),
    "create_server.disk_tag": disks.some(({ tag }) => tag !== undefined),
    "create_server.volume_type": disks.some(({ volume_type }) => volume_type !== undefined),
  };
  return (Object.keys(wishes) as Wish[]).filter((wish) => wishes[wish]);
}

/** The order without what the chosen ways leave out. */
function fieldsOf(server: NewServer, ways: { readonly [Each in Wish]?: WayOf<Each> }): Partial<NewServer> {
  const { networks, block_device_mapping_v2: disks, ...fields } = server;
  if (ways["create_server.description"] === "none") delete fields.description;
  if (ways["create_server.tags"] !== "field") delete fields.tags;
  if (ways["create_server.hostname"] !== "field") delete fields.hostname;
  const nic_tags = ways["create_server.nic_tag"] !== "none";
  const disk_tags = ways["create_server.disk_tag"] !== "none";
  const types = ways["create_server.volume_type"] === "field";
  const nics =
    typeof networks === "string" || nic_tags ? networks : networks.map(({ tag: _, ...nic }) => nic);
  return {
    ...fields,
    ...(ways["create_server.automatic_network"] === "absent" ? {} : { networks: nics }),
    ...(disks
      ? {
          block_device_mapping_v2: disks.map(({ tag, volume_type, ...disk }) => ({
            ...disk,
            ...(disk_tags && tag !== undefined ? { tag } : {}),
            ...(types && volume_type !== undefined ? { volume_type } : {}),
          })),
        }
      : {}),
  };
}

/** The server is ordered already: a tag that the site refuses is told, not thrown. */
async function tagNow(
  nova: ServiceClient,
  id: string,
  { tags = [] }: NewServer,
): Promise<readonly Degraded[]> {
  const { microversion } = negotiate(nova, "tag_server.add");
  try {
    for (const tag of tags)
      await nova.put(`/servers/${id}/tags/${encodeURIComponent(tag)}`, { microversion });
    return [];
  } catch (error) {
    if (!(error instanceof OpenStackError)) throw error;
    return [
      {
        operation: "create_server.tags",
        service: "compute",
        wanted: wanted(OPERATIONS["create_server.tags"]) ?? "",
        got: microversion ?? null,
        offered: nova.versions.max ?? null,
        instead: "Each tag was put after the server was ordered.",
        lost: `Tags are missing: ${error.reason}`,
      },
    ];
  }
}
