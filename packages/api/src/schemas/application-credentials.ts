import { z } from "zod";
import { ProjectId } from "./projects.ts";
import { Instant } from "./terms.ts";

const MAX_RULES = 100;

export const AccessRule = z
  .object({
    service: z.string().min(1).max(64).describe("Service type: `compute`"),
    method: z.enum(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]),
    path: z
      .string()
      .max(255)
      .startsWith("/", "begins with /")
      .describe("`/v2.1/servers/{server_id}`; `*` is one segment, `**` any number"),
  })
  .meta({ id: "AccessRule" });

export const ApplicationCredential = z
  .object({
    id: z.string(),
    name: z.string(),
    description: z.string().nullable(),
    project: z.object({ id: ProjectId, name: z.string() }),
    unrestricted: z.boolean().describe("May make and delete application credentials itself"),
    broker: z
      .boolean()
      .describe("Where a site lacks the version that a client asks for, do what comes nearest, and say so"),
    access_rules: z.array(AccessRule).describe("The only calls that are allowed; empty: all"),
    expires_at: Instant.nullable(),
    created_at: Instant,
    last_used_at: Instant.nullable(),
  })
  .meta({ id: "ApplicationCredential" });
export type ApplicationCredential = z.infer<typeof ApplicationCredential>;

export const CreateApplicationCredential = z
  .object({
    name: z.string().trim().min(1).max(255),
    project_id: ProjectId,
    description: z.string().max(1024).optional(),
    expires_in_days: z.int().min(1).max(3650).nullable().default(null).describe("null: never"),
    unrestricted: z.boolean().default(false),
    broker: z.boolean().default(false),
    access_rules: z.array(AccessRule).max(MAX_RULES).default([]),
  })
  .meta({ id: "CreateApplicationCredential" });

export const CreatedApplicationCredential = ApplicationCredential.extend({
  secret: z.string().describe("Shown once: Uniview keeps a hash only"),
}).meta({ id: "CreatedApplicationCredential" });
export type CreatedApplicationCredential = z.infer<typeof CreatedApplicationCredential>;
