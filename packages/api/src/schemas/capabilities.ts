import { z } from "zod";
import { Instant, SiteName, Uuid } from "./terms.ts";

export const CapabilityState = z
  .enum(["yes", "no", "limited", "unknown"])
  .describe("`limited`: it works, but not everything or not for long; the detail says what")
  .meta({ id: "CapabilityState" });
export type CapabilityState = z.infer<typeof CapabilityState>;

export const CapabilityHow = z
  .enum(["document", "list", "attempt", "job", "default_policy"])
  .describe(
    "`document`, `list`: the site said so. `attempt`: a request that cannot succeed was let past the site's policy, or was not. `job`: what real work met. `default_policy`: nothing of this site tells; what its release does unless somebody changed it",
  )
  .meta({ id: "CapabilityHow" });
export type CapabilityHow = z.infer<typeof CapabilityHow>;

/** What is known of one capability in one project of a site, as the user whose credential Uniview holds. */
export const CapabilityCell = z
  .object({
    column_id: Uuid,
    state: CapabilityState,
    how: CapabilityHow,
    detail: z.string().nullable(),
    evidence: z
      .object({
        method: z.string(),
        path: z.string(),
        status: z.int(),
        said: z.string().optional().describe("The site's own words"),
      })
      .nullable(),
    since: Instant.describe("When it was first found to be so"),
    checked_at: Instant.describe("When it was last found to be so"),
  })
  .meta({ id: "CapabilityCell" });
export type CapabilityCell = z.infer<typeof CapabilityCell>;

/** A column of the matrix: one project of a site, as one of the site's users. */
export const CapabilityColumn = z
  .object({
    id: Uuid,
    site: SiteName,
    project_id: z.string(),
    project_name: z.string(),
    user_name: z.string().describe("The site's user whose credential Uniview uses"),
    roles: z.array(z.string()),
    probed_at: Instant.nullable().describe("null: not yet"),
    took_ms: z.int().nullable(),
    problems: z
      .array(z.object({ service: z.string(), problem: z.string() }))
      .describe("What the last probe could not look at; what was known before is shown for that"),
  })
  .meta({ id: "CapabilityColumn" });
export type CapabilityColumn = z.infer<typeof CapabilityColumn>;

export const CapabilityRow = z
  .object({
    capability: z.string().describe("`block-storage.create_snapshot`"),
    service: z.string(),
    does: z.string().describe("Completes `to …`: `snapshot a volume`"),
    rule: z.string().nullable().describe("The policy rule that decides: `volume:create_snapshot`"),
    differs: z.boolean().describe("What is known of it is not the same everywhere"),
    cells: z.array(CapabilityCell),
  })
  .meta({ id: "CapabilityRow" });
export type CapabilityRow = z.infer<typeof CapabilityRow>;

/** Something that was known to be otherwise. */
export const CapabilityChange = z
  .object({
    column_id: Uuid,
    site: SiteName,
    project_name: z.string(),
    capability: z.string(),
    from: CapabilityState,
    to: CapabilityState,
    changed_at: Instant,
    text: z.string().describe("`zed lost volume:create_snapshot (to snapshot a volume) in project demo.`"),
  })
  .meta({ id: "CapabilityChange" });
export type CapabilityChange = z.infer<typeof CapabilityChange>;

const Matrix = z.object({
  columns: z.array(CapabilityColumn),
  rows: z.array(CapabilityRow),
  changes: z.array(CapabilityChange).describe("The newest first"),
});

export const CapabilityMatrix = Matrix.meta({ id: "CapabilityMatrix" });
export type CapabilityMatrix = z.infer<typeof CapabilityMatrix>;

/** How a site of this age does one thing that Uniview asks of sites, and what that costs. */
export const OperationHere = z
  .object({
    operation: z.string().describe("`lock_server.reason`"),
    service: z.string(),
    does: z.string().describe("Completes `to …`: `keep the reason of a lock`"),
    state: z
      .enum(["wanted", "otherwise", "lesser", "impossible", "unknown"])
      .describe(
        "`wanted`: as it should be. `otherwise`: another way, nothing lost. `lesser`: another way that loses something. `impossible`: refused before anything is sent. `unknown`: the service did not answer",
      ),
    how: z.string().describe("What is sent or read"),
    lost: z.string().nullable().describe("What is gone with that, in one sentence"),
    microversion: z.string().nullable().describe("Asked for; null: none, the service's oldest behaviour"),
    wanted: z.string().nullable().describe("The microversion that would do it all; null: any"),
    offered: z.string().nullable().describe("The newest that the site has"),
  })
  .meta({ id: "OperationHere" });
export type OperationHere = z.infer<typeof OperationHere>;

export const SiteCapabilities = Matrix.extend({
  site: SiteName,
  operations: z.array(OperationHere),
}).meta({ id: "SiteCapabilities" });
export type SiteCapabilities = z.infer<typeof SiteCapabilities>;

export const ProbeSite = z
  .object({
    thorough: z
      .boolean()
      .default(false)
      .describe("Also make a volume of 1 GiB and a snapshot in each project, and remove them at once"),
  })
  .meta({ id: "ProbeSite" });

export const ProbedSite = SiteCapabilities.extend({
  left_behind: z.array(z.string()).describe("Empty: nothing of the probe is left at the site"),
}).meta({ id: "ProbedSite" });
export type ProbedSite = z.infer<typeof ProbedSite>;
