import { z } from "zod";

/**
 * What a migration was ordered to do, decided once by the pre-flight and kept with the job: everything that the
 * steps need to know of the source is in here, so that a job that has its copy can end well without it.
 * Ids on the source and ids on the target never share a field.
 */
const Text = z.string();
const Strings = z.record(z.string(), z.string());

const End = z.object({ site: Text, site_project_id: z.uuid(), project_id: Text });

export const DiskOrder = z.object({
  /** Place among the server's disks; part of the names of the steps. */
  index: z.int(),
  kind: z.enum(["image", "volume"]),
  source_volume_id: Text.nullable(),
  name: Text,
  /** What people know it by: its name, or, where it has none, whose and which it is. */
  label: Text,
  description: Text,
  size_gb: z.int(),
  boots: z.boolean(),
  bootable: z.boolean(),
  target_volume_type: Text.nullable(),
  /** How the bytes travel. A volume goes as qcow2: only what is written travels, and the copy hangs on no image. */
  disk_format: z.enum(["raw", "qcow2"]),
  delete_on_termination: z.boolean(),
  metadata: Strings,
  image_properties: Strings,
});
export type DiskOrder = z.infer<typeof DiskOrder>;

export const PortOrder = z.object({
  index: z.int(),
  source_port_id: Text,
  target_network_id: Text,
  name: Text,
  description: Text,
  /** null: the site chooses. */
  mac_address: Text.nullable(),
  /** Empty: the site chooses. */
  fixed_ips: z.array(z.object({ subnet_id: Text, ip_address: Text })),
  /** Ids on the source, each of which is in `security_groups`. */
  source_security_group_ids: z.array(Text),
  port_security_enabled: z.boolean().nullable(),
  allowed_address_pairs: z.array(z.object({ ip_address: Text, mac_address: Text.optional() })),
  /** External network to take a floating IP from; null: the port has none. */
  floating_network_id: Text.nullable(),
});
export type PortOrder = z.infer<typeof PortOrder>;

const RuleOrder = z.object({
  direction: z.enum(["ingress", "egress"]),
  ethertype: z.enum(["IPv4", "IPv6"]),
  protocol: Text.nullable(),
  port_range_min: z.int().nullable(),
  port_range_max: z.int().nullable(),
  remote_ip_prefix: Text.nullable(),
  remote_group_source_id: Text.nullable(),
});
export type RuleOrder = z.infer<typeof RuleOrder>;

export const SecurityGroupOrder = z.object({
  source_id: Text,
  name: Text,
  description: Text,
  /** null: it is made, with these rules. */
  target_id: Text.nullable(),
  rules: z.array(RuleOrder),
});
export type SecurityGroupOrder = z.infer<typeof SecurityGroupOrder>;

export const MigrationOrders = z.object({
  source: End.extend({
    server_id: Text,
    server_name: Text,
    was_active: z.boolean(),
  }),
  target: End.extend({ name: Text }),
  keep_source_running: z.boolean(),
  target_flavor_id: Text,
  image: z.object({ min_disk_gb: z.int(), min_ram_mb: z.int() }),
  disks: z.array(DiskOrder),
  ports: z.array(PortOrder),
  security_groups: z.array(SecurityGroupOrder),
  /** `public_key`: it is imported; null: it is there already. */
  keypair: z.object({ name: Text, public_key: Text.nullable() }).nullable(),
  metadata: Strings,
  description: Text.nullable(),
  /** null: it follows from the server's name. Jobs ordered before there was this field have none. */
  hostname: Text.nullable().default(null),
  tags: z.array(Text),
  config_drive: z.boolean(),
  consistency: z.enum(["stopped", "crash", "staggered"]),
  degraded: z.array(Text),
});
export type MigrationOrders = z.infer<typeof MigrationOrders>;
