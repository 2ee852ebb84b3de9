import { type ListOptions, listPages } from "../service/list-pages.ts";
import type { ServiceClient } from "../service/service-client.ts";

/** Came with Queens (v3.10). */
export interface ApplicationCredential {
  id: string;
  name: string;
  description: string | null;
  project_id: string;
  roles: { id: string; name: string; domain_id: string | null }[];
  /** ISO 8601 UTC; null for one that does not end. */
  expires_at: string | null;
  unrestricted: boolean;
}

export interface NewApplicationCredential {
  name: string;
  description?: string | undefined;
  /** Default: all roles of the token that asks. */
  roles?: readonly { name: string }[] | undefined;
  expires_at?: string | undefined;
  /** May make further credentials and trusts; keep it false. */
  unrestricted?: boolean | undefined;
}

/**
 * Makes a credential for the token's own user and project.
 *
 * @returns with `secret`, which Keystone never shows again: seal it at once
 * @throws OpenStackError 403 forbidden by policy, or the session itself uses a restricted application credential;
 *   409 the name is taken; 404 the site is older than Queens
 */
export function createApplicationCredential(
  keystone: ServiceClient,
  user_id: string,
  application_credential: NewApplicationCredential,
): Promise<ApplicationCredential & { secret: string }> {
  const body = { application_credential };
  return keystone.post(pathOf(user_id), { body, unwrap: "application_credential" });
}

/**
 * The user's own, of every project, without their secrets.
 * @throws OpenStackError 403, 404 the site is older than Queens
 */
export function listApplicationCredentials(
  keystone: ServiceClient,
  user_id: string,
  options: ListOptions = {},
): AsyncGenerator<ApplicationCredential[], void> {
  return listPages(keystone, { ...options, path: pathOf(user_id), key: "application_credentials" });
}

/** An application credential may not delete itself unless it is unrestricted. @throws OpenStackError 403, 404 */
export async function deleteApplicationCredential(
  keystone: ServiceClient,
  user_id: string,
  id: string,
): Promise<void> {
  await keystone.delete(`${pathOf(user_id)}/${id}`);
}

function pathOf(user_id: string): string {
  return `/users/${user_id}/application_credentials`;
}
