import { randomBytes } from "node:crypto";
import {
  type ApplicationCredentialAuth,
  collect,
  isStatus,
  type ServiceClient,
  unlessMissing,
} from "@uniview/openstack";
import {
  createApplicationCredential,
  deleteApplicationCredential,
  listApplicationCredentials,
} from "@uniview/openstack/identity/application-credentials";

export interface MintedCredential {
  readonly auth: ApplicationCredentialAuth;
  readonly id: string;
  readonly expires_at: string | null;
}

/** Statuses of a site that has no application credentials, or not for this user. */
const FORBIDDEN = [403, 404, 405, 501];

/**
 * Makes an application credential for Uniview. It is unrestricted because a restricted one may not delete itself, and
 * removing a site has to leave nothing behind without asking for the password again (docs/decisions/0007).
 *
 * @returns undefined with the reason where the site does not allow it
 */
export async function mintCredential(
  keystone: ServiceClient,
  user_id: string,
  site: string,
): Promise<MintedCredential | { readonly forbidden: string }> {
  const name = `uniview-${site}-${randomBytes(4).toString("hex")}`;
  const description = `Made by Uniview for the site it calls ${site}. Removing the site from Uniview deletes it.`;
  try {
    const made = await createApplicationCredential(keystone, user_id, {
      name,
      description,
      unrestricted: true,
    });
    return {
      auth: { type: "application_credential", id: made.id, secret: made.secret },
      id: made.id,
      expires_at: made.expires_at === null ? null : utc(made.expires_at),
    };
  } catch (error) {
    if (isStatus(error, ...FORBIDDEN)) return { forbidden: error.message };
    await removeByName(keystone, user_id, name).catch(() => {}); // the answer may be lost, the credential made
    throw error;
  }
}

/** Deletes it; it may be gone already. */
export async function unmintCredential(keystone: ServiceClient, user_id: string, id: string): Promise<void> {
  await unlessMissing(deleteApplicationCredential(keystone, user_id, id));
}

async function removeByName(keystone: ServiceClient, user_id: string, name: string): Promise<void> {
  const all = await collect(listApplicationCredentials(keystone, user_id));
  for (const one of all) if (one.name === name) await unmintCredential(keystone, user_id, one.id);
}

/** Keystone writes instants of application credentials without their `Z`. */
function utc(instant: string): string {
  return new Date(/Z|[+-]\d\d:?\d\d$/.test(instant) ? instant : `${instant}Z`).toISOString();
}
