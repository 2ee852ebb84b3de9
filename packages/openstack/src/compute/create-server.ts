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
  /** True where several servers may attach the volume (`multiattach` of it). Not sent: it decides what is asked for. */
  multiattach?: boolean;
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
  /** True where the port has guaranteed bandwidth (`resource_request` of it). Not sent, like `multiattach`. */
  guaranteed_bandwidth?: boolean;
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
  /** Ids of certificates that the image's signature is verified by. */
  trusted_image_certificates?: readonly string[];
  /** Needs the role admin; an older site is given it with the zone, past its scheduler. */
  host?: string;
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
 * @throws NotOffered `networks: "none"`, a multiattach volume or guaranteed bandwidth on a site that is too old for it
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
    "create_server.multiattach_volume": disks.some(({ multiattach }) => multiattach === true),
    "create_server.guaranteed_bandwidth": nics.some((nic) => nic.guaranteed_bandwidth === true),
    "create_server.trusted_certificates": server.trusted_image_certificates !== undefined,
    "create_server.host": server.host !== undefined,
  };
  return (Object.keys(wishes) as Wish[]).filter((wish) => wishes[wish]);
}

type Ways = { readonly [Each in Wish]?: WayOf<Each> };

/** The order without what the chosen ways leave out. */
function fieldsOf(server: NewServer, ways: Ways): Partial<NewServer> {
  const { networks, block_device_mapping_v2: disks, host: _, ...fields } = server;
  if (ways["create_server.description"] === "none") delete fields.description;
  if (ways["create_server.tags"] !== "field") delete fields.tags;
  if (ways["create_server.hostname"] !== "field") delete fields.hostname;
  if (ways["create_server.trusted_certificates"] !== "field") delete fields.trusted_image_certificates;
  return {
    ...fields,
    ...placeOf(server, ways),
    ...(ways["create_server.automatic_network"] === "absent" ? {} : { networks: nicsOf(networks, ways) }),
    ...(disks ? { block_device_mapping_v2: disks.map((disk) => diskOf(disk, ways)) } : {}),
  };
}

function nicsOf(networks: NewServer["networks"], ways: Ways): NewServer["networks"] {
  if (typeof networks === "string") return networks;
  const tags = ways["create_server.nic_tag"] !== "none";
  return networks.map(({ tag, guaranteed_bandwidth: _, ...nic }) => ({
    ...nic,
    ...(tags && tag !== undefined ? { tag } : {}),
  }));
}

function diskOf({ tag, volume_type, multiattach: _, ...disk }: BlockDevice, ways: Ways): BlockDevice {
  const tags = ways["create_server.disk_tag"] !== "none";
  const types = ways["create_server.volume_type"] === "field";
  return {
    ...disk,
    ...(tags && tag !== undefined ? { tag } : {}),
    ...(types && volume_type !== undefined ? { volume_type } : {}),
  };
}

/** Nova's default zone, which an older site needs to be told a host with. */
const DEFAULT_ZONE = "nova";

function placeOf({ host, availability_zone = DEFAULT_ZONE }: NewServer, ways: Ways): Partial<NewServer> {
  if (host === undefined) return {};
  if (ways["create_server.host"] === "field") return { host };
  return { availability_zone: `${availability_zone}:${host}` };
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
