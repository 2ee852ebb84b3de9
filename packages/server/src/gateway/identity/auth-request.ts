import { z } from "zod";
import { KeystoneError } from "./keystone-error.ts";

const MAX_TEXT = 1024;
const Text = z.string().min(1).max(MAX_TEXT);
const Domain = z.object({ id: Text.optional(), name: Text.optional() });
const NamedUser = z.object({ id: Text.optional(), name: Text.optional(), domain: Domain.optional() });
export type NamedUser = z.infer<typeof NamedUser>;

const AuthRequest = z.object({
  auth: z.object({
    identity: z.object({
      methods: z.array(z.string().max(64)).min(1).max(8),
      password: z.object({ user: NamedUser.extend({ password: z.string().max(MAX_TEXT) }) }).optional(),
      totp: z.object({ user: NamedUser.extend({ passcode: z.string().max(16) }) }).optional(),
      token: z.object({ id: Text }).optional(),
      application_credential: z
        .object({
          id: Text.optional(),
          name: Text.optional(),
          secret: Text,
          user: NamedUser.optional(),
        })
        .optional(),
    }),
    scope: z
      .union([
        z.literal("unscoped"),
        z.object({
          unscoped: z.unknown().optional(),
          project: z
            .object({ id: Text.optional(), name: Text.optional(), domain: Domain.optional() })
            .optional(),
          domain: Domain.optional(),
          system: z.unknown().optional(),
          "OS-TRUST:trust": z.unknown().optional(),
        }),
      ])
      .optional(),
  }),
});
export type Identity = z.infer<typeof AuthRequest>["auth"]["identity"];
export type Scope = z.infer<typeof AuthRequest>["auth"]["scope"];

/** @throws KeystoneError 400 that names the field, never its value: that may be a password */
export function readAuthRequest(body: unknown): { identity: Identity; scope: Scope } {
  const read = AuthRequest.safeParse(body);
  if (read.success) return { identity: read.data.auth.identity, scope: read.data.auth.scope };
  const [issue] = read.error.issues;
  const field = issue?.path.join(".") || "the body";
  throw new KeystoneError(400, `The request to authenticate is not valid: ${field}: ${issue?.message ?? ""}`);
}
