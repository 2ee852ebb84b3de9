import { z } from "zod";
import { Freshness, Instant, ProblemDetail, SiteName, Uuid } from "./terms.ts";

/** What one entry of a clouds.yaml says, in its own spelling; files it names (cacert) are already read into it. */
export const CloudEntry = z
  .object({
    auth_type: z
      .enum(["password", "v3password", "v3applicationcredential"])
      .default("password")
      .describe("As in clouds.yaml"),
    auth: z.object({
      auth_url: z.url({ protocol: /^https?$/, error: "must be an http or https URL" }).max(2048),
      username: z.string().max(255).optional(),
      user_id: z.string().max(64).optional(),
      password: z.string().max(1024).optional(),
      user_domain_name: z.string().max(255).optional(),
      user_domain_id: z.string().max(64).optional(),
      project_name: z.string().max(255).optional(),
      project_id: z.string().max(64).optional(),
      project_domain_name: z.string().max(255).optional(),
      project_domain_id: z.string().max(64).optional(),
      application_credential_id: z.string().max(64).optional(),
      application_credential_name: z.string().max(255).optional(),
      application_credential_secret: z.string().max(1024).optional(),
    }),
    region_name: z.string().max(255).optional(),
    interface: z.enum(["public", "internal", "admin"]).default("public"),
    ca_pem: z.string().max(262_144).optional().describe("The CA certificates to trust, PEM"),
  })
  .meta({ id: "CloudEntry" });
export type CloudEntry = z.infer<typeof CloudEntry>;
export type CloudEntryInput = z.input<typeof CloudEntry>;

/** Which releases the evidence fits. Never a falsely exact name: `from` = `to` only where it is certain. */
export const ReleaseRange = z
  .object({
    label: z.string().describe("`Zed`, `2024.1 to 2024.2`, `Zed or newer`"),
    from: z.string().nullable(),
    to: z.string().nullable(),
    evidence: z.string().describe("`compute 2.93`"),
  })
  .meta({ id: "ReleaseRange" });
export type ReleaseRange = z.infer<typeof ReleaseRange>;

export const DiscoveredService = z
  .object({
    type: z.string().describe("The service's standard type: compute, block-storage, image, network, …"),
    name: z.string(),
    endpoint: z.string(),
    version: z.string().nullable().describe("`v2.1`"),
    min_microversion: z.string().nullable(),
    max_microversion: z.string().nullable(),
    release: ReleaseRange.nullable(),
    state: z.enum(["ok", "unavailable"]),
    problem: z.string().optional(),
  })
  .meta({ id: "DiscoveredService" });
export type DiscoveredService = z.infer<typeof DiscoveredService>;

/** Something that will not work at a site, or will work in another way, and why. */
export const Limitation = z
  .object({ what: z.string(), why: z.string(), remedy: z.string().optional() })
  .meta({ id: "Limitation" });
export type Limitation = z.infer<typeof Limitation>;

export const Discovery = z
  .object({
    services: z.array(DiscoveredService),
    release: ReleaseRange,
    limitations: z.array(Limitation),
    regions: z.array(z.string()).describe("All regions of the catalog"),
    certificate_expires_at: Instant.nullable(),
    discovered_at: Instant,
    took_ms: z.int(),
  })
  .meta({ id: "Discovery" });
export type Discovery = z.infer<typeof Discovery>;

export const SiteProject = z
  .object({
    id: z.string(),
    name: z.string(),
    domain_name: z.string(),
    user_name: z.string().describe("The site's user whose credential Uniview uses"),
    roles: z.array(z.string()),
    credential: z.object({
      kind: z.enum(["application_credential", "password"]),
      minted: z.boolean().describe("true: made by Uniview, and removed with the site"),
      note: z.string().optional().describe("Why it is a password, where it is one"),
      expires_at: Instant.nullable(),
    }),
  })
  .meta({ id: "SiteProject" });
export type SiteProject = z.infer<typeof SiteProject>;

export const Site = z
  .object({
    id: Uuid,
    name: SiteName,
    auth_url: z.string(),
    region_name: z.string().nullable(),
    interface: z.enum(["public", "internal", "admin"]),
    state: Freshness,
    as_of: Instant.nullable(),
    problem: ProblemDetail.optional(),
    unreachable_since: Instant.nullable(),
    latency_ms: z.number().nullable().describe("The identity service's last answer"),
    discovery: Discovery,
    projects: z.array(SiteProject).describe("Those that are granted to the asking user"),
    counts: z.record(z.string(), z.int()).describe("Rows of the inventory by kind"),
    joined_at: Instant,
  })
  .meta({ id: "Site" });
export type Site = z.infer<typeof Site>;

/** The region of the gateway that is all sites at once. */
const GLOBAL = "global";

export const AddSite = z
  .object({
    name: SiteName.refine((name) => name !== GLOBAL, `"${GLOBAL}" means all sites; choose another name`),
    cloud: CloudEntry,
  })
  .meta({ id: "AddSite" });

/** What adding would find, with nothing made or stored. */
export const CheckCloud = z.object({ cloud: CloudEntry }).meta({ id: "CheckCloud" });

export const CloudCheck = z
  .object({
    discovery: Discovery,
    project: SiteProject.omit({ credential: true }),
    region_name: z.string().nullable(),
  })
  .meta({ id: "CloudCheck" });
export type CloudCheck = z.infer<typeof CloudCheck>;

export const RemoveSite = z.object({
  force: z
    .stringbool()
    .default(false)
    .describe(
      "Remove although the site does not answer: the application credential stays there until it is deleted by hand",
    ),
});

export const RemovedSite = z
  .object({
    name: SiteName,
    left_behind: z.array(z.string()).describe("Empty: nothing of Uniview is left at the site"),
  })
  .meta({ id: "RemovedSite" });
