import { z } from "zod";
import { Address } from "./inventory.ts";
import { Ref, SiteName } from "./terms.ts";

/** What becomes what on the target: names or ids of the source on the left, of the target on the right. */
const Mapping = z.record(z.string(), z.string());

export const Mappings = z
  .object({
    networks: Mapping.default({}),
    flavors: Mapping.default({}),
    volume_types: Mapping.default({}),
    security_groups: Mapping.default({}),
    keypairs: Mapping.default({}),
  })
  .meta({ id: "Mappings" });
export type Mappings = z.infer<typeof Mappings>;

export const PlanMigration = z
  .object({
    server: Ref,
    to: SiteName,
    to_project_id: z
      .string()
      .optional()
      .describe("Needed only where several projects of the target are granted"),
    name: z
      .string()
      .min(1)
      .max(255)
      .optional()
      .describe("The server's name on the target; default: the same"),
    mappings: Mappings.prefault({}),
    keep_source_running: z
      .boolean()
      .default(false)
      .describe("Copy while the source runs (crash-consistent at best) and leave it running"),
  })
  .meta({ id: "PlanMigration" });
export type PlanMigration = z.infer<typeof PlanMigration>;

const Choice = z.object({ id: z.string(), name: z.string(), why: z.string().optional(), fits: z.boolean() });

/** One row of the mappings: the source's object, what it would become, and what else there is to choose. */
export const MappingRow = z
  .object({
    kind: z.enum(["network", "flavor", "volume_type", "security_group", "keypair"]),
    source: z.object({ id: z.string(), name: z.string(), detail: z.string().optional() }),
    target: z.object({ id: z.string(), name: z.string() }).nullable().describe("null: none yet"),
    creates: z.boolean().describe("The migration makes it on the target, as the source has it"),
    why: z.string(),
    choices: z.array(Choice),
  })
  .meta({ id: "MappingRow" });
export type MappingRow = z.infer<typeof MappingRow>;

export const PlannedDisk = z
  .object({
    kind: z.enum(["image", "volume"]).describe("image: the root disk is local and travels as an image"),
    source_id: z.string().nullable(),
    name: z.string(),
    boot_index: z.int().nullable().describe("0: boots from it; null: data"),
    size_bytes: z.int(),
    volume_type: z.string().nullable(),
    target_volume_type: z.string().nullable(),
    mechanism: z.enum(["image", "volume", "rbd"]),
    why: z.string().describe("Why this mechanism"),
  })
  .meta({ id: "PlannedDisk" });
export type PlannedDisk = z.infer<typeof PlannedDisk>;

export const PlannedPort = z
  .object({
    source_id: z.string(),
    network: z.string(),
    target_network: z.string().nullable(),
    mac_address: z.string(),
    fixed_ips: z.array(z.string()),
    keeps_mac: z.boolean(),
    keeps_fixed_ips: z.boolean(),
    why: z.string(),
    floating_ip: z.string().nullable(),
    target_floating_network: z.string().nullable(),
  })
  .meta({ id: "PlannedPort" });
export type PlannedPort = z.infer<typeof PlannedPort>;

export const Check = z
  .object({
    id: z.string().describe("`quota.instances`, `network.mac`, …"),
    title: z.string(),
    outcome: z.enum(["pass", "warn", "fail"]),
    detail: z.string(),
    remedy: z.string().optional(),
  })
  .meta({ id: "Check" });
export type Check = z.infer<typeof Check>;

export const MigrationPlan = z
  .object({
    server: z.object({ site: SiteName, id: z.string(), name: z.string(), status: z.string() }),
    target: z.object({ site: SiteName, project_id: z.string(), project_name: z.string(), name: z.string() }),
    can_start: z.boolean().describe("No check failed"),
    checks: z.array(Check),
    mappings: z.array(MappingRow),
    disks: z.array(PlannedDisk),
    ports: z.array(PlannedPort),
    bytes_estimate: z.int(),
    downtime: z.object({
      estimate_s: z.int().nullable(),
      basis: z.string().describe("What the estimate rests on"),
    }),
    degraded: z.array(z.string()).describe("What is lost or done another way on this pair of sites, and why"),
    consistency: z.enum(["stopped", "crash", "staggered"]),
  })
  .meta({ id: "MigrationPlan" });
export type MigrationPlan = z.infer<typeof MigrationPlan>;

export const MigrationResult = z
  .object({
    server: z.object({
      site: SiteName,
      id: z.string(),
      name: z.string(),
      status: z.string(),
      addresses: z.array(Address),
    }),
    source: z.object({ site: SiteName, id: z.string(), status: z.string(), locked: z.boolean() }),
    disks: z.array(
      z.object({
        name: z.string(),
        source_id: z.string().nullable(),
        target_id: z.string(),
        bytes_moved: z.int(),
        checksum: z.string().describe("`sha512:…` of the image as it travelled: read, sent and stored alike"),
        verified: z
          .enum(["both-ends", "target", "none"])
          .describe("Against which of the sites' own checksums"),
      }),
    ),
    downtime_s: z.number().nullable().describe("From the source's stop to the target's ACTIVE, as measured"),
    consistency: z.enum(["stopped", "crash", "staggered"]),
    degraded: z.array(z.string()),
  })
  .meta({ id: "MigrationResult" });
export type MigrationResult = z.infer<typeof MigrationResult>;
