import { z } from "zod";
import { Instant, PageQuery, SiteName } from "./terms.ts";

export const AuditRow = z
  .object({
    seq: z.int().describe("Place in the chain, from 1, without gaps"),
    at: Instant,
    actor_id: z.string().nullable().describe("The user's id; null: nobody who is known"),
    actor_name: z.string(),
    credential_id: z.string().nullable().describe("The session, token or application credential used"),
    action: z
      .string()
      .describe("`addSite`, or method and service of a call through the gateway: `POST compute`"),
    object: z.string().describe("Path of what was changed"),
    site: z.string().nullable(),
    request_id: z.string(),
    outcome: z.string().describe("HTTP status of the answer"),
  })
  .meta({ id: "AuditRow" });
export type AuditRow = z.infer<typeof AuditRow>;

export const AuditQuery = PageQuery.extend({
  actor: z.string().max(255).optional().describe("Name of a user"),
  site: SiteName.or(z.literal("global")).optional(),
});

export const AuditCheckQuery = z.object({
  expected: z
    .string()
    .regex(/^[0-9a-f]{64}$/, "64 hexadecimal digits")
    .optional()
    .describe("`head` of an earlier check: it has to be in the chain, so nothing was cut off since"),
});

export const AuditCheck = z
  .object({
    ok: z.boolean(),
    count: z.int().describe("Rows that hold"),
    head: z
      .string()
      .describe("Hash of the last row that holds; keep it elsewhere and give it to the next check"),
    broken_at: z.int().nullable().describe("The first row that is missing or was changed"),
  })
  .meta({ id: "AuditCheck" });
export type AuditCheck = z.infer<typeof AuditCheck>;
