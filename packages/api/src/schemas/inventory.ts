import { z } from "zod";
import { Instant, listOverSites, PageQuery, SiteName } from "./terms.ts";

/** What the inventory holds. The plural kebab-case word is also the path of the list. */
export const RESOURCE_KINDS = [
  "servers",
  "volumes",
  "images",
  "flavors",
  "networks",
  "ports",
  "security-groups",
  "keypairs",
] as const;
export const ResourceKind = z.enum(RESOURCE_KINDS);
export type ResourceKind = z.infer<typeof ResourceKind>;

/** What every kind has. `status` is OpenStack's own word, or null where the kind has none. */
const Row = z.object({
  id: z.string(),
  name: z.string(),
  site: SiteName,
  project_id: z.string().describe("The project through which Uniview sees it"),
  project_name: z.string(),
  status: z.string().nullable(),
  created_at: Instant.nullable(),
  updated_at: Instant.nullable(),
  as_of: Instant.describe("When the site said so"),
});

const Named = z.object({ id: z.string(), name: z.string().nullable() });

export const Address = z.object({
  network: z.string(),
  address: z.string(),
  version: z.union([z.literal(4), z.literal(6)]),
  mac: z.string().nullable(),
  kind: z.enum(["fixed", "floating"]),
});

export const Server = Row.extend({
  addresses: z.array(Address),
  flavor: z.object({
    id: z.string().nullable(),
    name: z.string().nullable(),
    vcpus: z.int().nullable(),
    ram_mb: z.int().nullable(),
    disk_gb: z.int().nullable(),
  }),
  image: Named.nullable().describe("null: boots from a volume"),
  volume_ids: z.array(z.string()),
  key_name: z.string().nullable(),
  security_groups: z.array(z.string()),
  availability_zone: z.string().nullable(),
  power_state: z.string().nullable(),
  task_state: z.string().nullable(),
  locked: z.boolean(),
  tags: z.array(z.string()),
  metadata: z.record(z.string(), z.string()),
  fault: z.string().nullable(),
}).meta({ id: "Server" });
export type Server = z.infer<typeof Server>;

export const Volume = Row.extend({
  size_gb: z.int(),
  volume_type: z.string().nullable(),
  bootable: z.boolean(),
  encrypted: z.boolean(),
  attached_to: z.array(
    z.object({ server_id: z.string(), server_name: z.string().nullable(), device: z.string().nullable() }),
  ),
}).meta({ id: "Volume" });
export type Volume = z.infer<typeof Volume>;

export const Image = Row.extend({
  size_bytes: z.int().nullable(),
  disk_format: z.string().nullable(),
  visibility: z.string().nullable(),
  min_disk_gb: z.int(),
  min_ram_mb: z.int(),
  protected: z.boolean(),
}).meta({ id: "Image" });
export type Image = z.infer<typeof Image>;

export const Flavor = Row.extend({
  vcpus: z.int(),
  ram_mb: z.int(),
  disk_gb: z.int(),
  public: z.boolean(),
}).meta({ id: "Flavor" });
export type Flavor = z.infer<typeof Flavor>;

export const Network = Row.extend({
  shared: z.boolean(),
  external: z.boolean(),
  owned: z.boolean().describe("The network belongs to this project"),
  subnets: z.array(z.object({ id: z.string(), name: z.string(), cidr: z.string(), version: z.int() })),
  mtu: z.int().nullable(),
}).meta({ id: "Network" });
export type Network = z.infer<typeof Network>;

export const Port = Row.extend({
  network_id: z.string(),
  network_name: z.string().nullable(),
  mac_address: z.string(),
  fixed_ips: z.array(z.object({ subnet_id: z.string(), ip_address: z.string() })),
  device_id: z.string().nullable(),
  device_owner: z.string().nullable(),
  security_group_ids: z.array(z.string()),
}).meta({ id: "Port" });
export type Port = z.infer<typeof Port>;

export const SecurityGroup = Row.extend({
  description: z.string(),
  rules_count: z.int(),
}).meta({ id: "SecurityGroup" });

export const Keypair = Row.extend({
  fingerprint: z.string(),
  type: z.string(),
}).meta({ id: "Keypair" });

export const ResourceList = {
  servers: listOverSites(Server),
  volumes: listOverSites(Volume),
  images: listOverSites(Image),
  flavors: listOverSites(Flavor),
  networks: listOverSites(Network),
  ports: listOverSites(Port),
  "security-groups": listOverSites(SecurityGroup),
  keypairs: listOverSites(Keypair),
} as const satisfies Record<ResourceKind, z.ZodType>;

export const ResourceQuery = PageQuery.extend({
  q: z
    .string()
    .max(500)
    .default("")
    .describe(
      "Words that must all occur, and `field:value` filters: `site:`, `status:`, `project:`, `id:`, `name:`, `network:`, `flavor:`, `image:`; a `-` before a term excludes. Example: `web site:zed status:active 10.0.0.`",
    ),
  sort: z
    .string()
    .regex(
      /^-?(name|site|status|created_at|updated_at|project_name)$/,
      "one of name, site, status, created_at, updated_at, project_name, with - before it for descending",
    )
    .default("name"),
});
export type ResourceQuery = z.infer<typeof ResourceQuery>;

const Detail = <T extends z.ZodType>(item: T) =>
  z.object({ item, raw: z.record(z.string(), z.unknown()).describe("The site's own JSON") });

export const ServerDetail = Detail(Server)
  .extend({
    volumes: z.array(Volume),
    ports: z.array(Port),
    actions: z.array(
      z.object({
        action: z.enum(["start", "stop", "reboot"]),
        allowed: z.boolean(),
        why_not: z.string().optional(),
      }),
    ),
  })
  .meta({ id: "ServerDetail" });
export type ServerDetail = z.infer<typeof ServerDetail>;

export const ResourceDetail = Detail(z.record(z.string(), z.unknown())).meta({ id: "ResourceDetail" });

export const ServerAction = z
  .object({
    action: z.enum(["start", "stop", "reboot"]),
    hard: z.boolean().default(false).describe("Only for reboot: as if the power was cut"),
  })
  .meta({ id: "ServerAction" });
