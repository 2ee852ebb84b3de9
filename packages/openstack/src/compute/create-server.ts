import { atLeast } from "../discovery/microversion.ts";
import type { ServiceClient } from "../service/service-client.ts";

/** @see https://docs.openstack.org/api-ref/compute/#create-server */
export interface BlockDevice {
  boot_index?: number | null;
  uuid?: string;
  source_type: "volume" | "image" | "snapshot" | "blank";
  destination_type: "volume" | "local";
  volume_size?: number;
  /** From 2.67; an older site makes the volume of its default type. */
  volume_type?: string;
  delete_on_termination?: boolean;
  /** From 2.42 (and 2.32 only before). */
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
  /** From 2.42. */
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
  /** From 2.52. */
  tags?: readonly string[];
  /** What the guest is told its name is; from 2.90. */
  hostname?: string;
  "OS-DCF:diskConfig"?: "AUTO" | "MANUAL";
}

export interface CreatedServer {
  id: string;
  /** Fields that this site is too old for and that were left out, e.g. `["hostname"]`. */
  left_out: string[];
}

/** Fields and the microversion they came with. Losing one of these changes how a server is described, not how it runs. */
const CAN_BE_LEFT_OUT: Readonly<Record<string, string>> = {
  description: "2.19",
  tags: "2.52",
  hostname: "2.90",
};

/**
 * Asks Nova to build a server and returns as soon as it has taken the order (wait with `waitForServer`).
 * The lowest microversion that knows all fields is used. The administrator's password that Nova makes up is dropped.
 *
 * Not idempotent: after a lost answer look for the server by its metadata before asking again.
 * @throws OpenStackError 400 bad field, 403 quota (the message names it), 409 port in use
 */
export async function createServer(
  nova: ServiceClient,
  server: NewServer,
  scheduler_hints?: Readonly<Record<string, string | string[]>>,
): Promise<CreatedServer> {
  const { fields, left_out } = leaveOutUnknown(nova, server);
  const body = { server: fields, "os:scheduler_hints": scheduler_hints };
  const microversion = leastMicroversion(fields);
  const made = await nova.post<{ id: string }>("/servers", { body, microversion, unwrap: "server" });
  return { id: made.id, left_out };
}

function leaveOutUnknown(
  nova: ServiceClient,
  server: NewServer,
): { fields: Partial<NewServer>; left_out: string[] } {
  const left_out: string[] = [];
  const kept = Object.entries(server).filter(([field, value]) => {
    const since = CAN_BE_LEFT_OUT[field];
    if (value === undefined || since === undefined || nova.supports(since)) return value !== undefined;
    left_out.push(field);
    return false;
  });
  return { fields: Object.fromEntries(kept), left_out };
}

function leastMicroversion(server: Partial<NewServer>): string | undefined {
  const needs = Object.keys(server).map((field) => CAN_BE_LEFT_OUT[field]);
  const { networks = [], block_device_mapping_v2: disks = [] } = server;
  if (typeof networks === "string") needs.push("2.37");
  else if (networks.some((network) => network.tag !== undefined)) needs.push("2.42");
  if (disks.some((disk) => disk.tag !== undefined)) needs.push("2.42");
  if (disks.some((disk) => disk.volume_type !== undefined)) needs.push("2.67");
  return needs
    .filter((need) => need !== undefined)
    .reduce<string | undefined>((most, need) => (atLeast(most, need) ? most : need), undefined);
}
