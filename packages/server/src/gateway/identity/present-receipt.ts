import { DEFAULT_DOMAIN } from "./domain.ts";
import type { Receipt } from "./receipt-store.ts";
import { clientUserId } from "./user-ids.ts";
import type { KnownUser } from "./user-reader.ts";

/** The body of the 401 that asks for more. */
export function presentReceipt(
  { methods, issued_at, expires_at }: Receipt,
  user: KnownUser,
  required_auth_methods: readonly (readonly string[])[],
): object {
  return {
    receipt: {
      methods,
      user: { domain: DEFAULT_DOMAIN, id: clientUserId(user.id), name: user.name },
      issued_at,
      expires_at,
    },
    required_auth_methods,
  };
}
