import { z } from "zod";
import { Instant, SiteName, Uuid } from "./terms.ts";

export const UserName = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9._@-]{0,62}$/,
    "1 to 63 of letters, digits and . _ @ -, beginning with a letter or a digit",
  );

/** NIST SP 800-63B: length is what counts; no rules of composition. */
export const NewPassword = z.string().min(10, "at least 10 characters").max(256, "at most 256 characters");

export const Role = z.enum(["administrator", "user"]);

export const User = z
  .object({ id: Uuid, name: UserName, role: Role, created_at: Instant })
  .meta({ id: "User" });
export type User = z.infer<typeof User>;

export const Status = z
  .object({ version: z.string(), setup_needed: z.boolean(), now: Instant })
  .meta({ id: "Status" });

export const Setup = z
  .object({
    token: z.string().min(1).max(128).describe("From the one-time link"),
    name: UserName,
    password: NewPassword,
  })
  .meta({ id: "Setup" });

export const SignIn = z
  .object({
    name: z.string().max(255),
    password: z.string().max(1024),
    passcode: z
      .string()
      .max(16)
      .optional()
      .describe("For users with a second factor: the code of their phone"),
  })
  .meta({ id: "SignIn" });

export const Session = z.object({ user: User, expires_at: Instant.nullable() }).meta({ id: "Session" });
export type Session = z.infer<typeof Session>;

export const CreateUser = z
  .object({ name: UserName, password: NewPassword, role: Role.default("user") })
  .meta({ id: "CreateUser" });

export const CreateToken = z
  .object({
    name: z.string().min(1).max(63),
    expires_in_days: z.int().min(1).max(3650).nullable().default(null).describe("null: never"),
  })
  .meta({ id: "CreateToken" });

export const ApiToken = z
  .object({
    id: Uuid,
    name: z.string(),
    created_at: Instant,
    expires_at: Instant.nullable(),
    last_used_at: Instant.nullable(),
  })
  .meta({ id: "ApiToken" });
export type ApiToken = z.infer<typeof ApiToken>;

export const CreatedToken = ApiToken.extend({
  token: z.string().describe("Shown once: Uniview keeps a hash only"),
}).meta({ id: "CreatedToken" });

/** What a Uniview user may use at a site: one of its projects, with the credential that Uniview holds for it. */
export const Grant = z
  .object({
    id: Uuid,
    user_id: Uuid,
    user_name: UserName,
    site: SiteName,
    project_id: z.string(),
    project_name: z.string(),
    created_at: Instant,
  })
  .meta({ id: "Grant" });

export const CreateGrant = z
  .object({ user_name: UserName, project_id: z.string().max(64) })
  .meta({ id: "CreateGrant" });
