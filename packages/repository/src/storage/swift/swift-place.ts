import { type Credentials, readAuthorities } from "../credentials.ts";
import { type Location, webUrl } from "../location.ts";
import { StorageRefused } from "../storage-refused.ts";
import type { KeystoneIdentity, SwiftSignIn } from "./swift-access.ts";
import type { SwiftPlace } from "./swift-storage.ts";

type SwiftLocation = Location & { readonly kind: "swift" };

/** Swift's own sign-in is told from Keystone's by its address. */
const TEMPAUTH = /\/auth\/v1(\.0)?$/;
const DEFAULT_DOMAIN = "Default";

/**
 * A container with what its URL leaves to the environment: `OS_*` for Keystone, `ST_AUTH`, `ST_USER` and `ST_KEY` for
 * Swift's own sign-in.
 *
 * @throws StorageRefused that names what is missing
 * @see https://docs.openstack.org/python-swiftclient/latest/cli/index.html#authentication the variables
 */
export async function swiftPlace(location: SwiftLocation, env: Credentials): Promise<SwiftPlace> {
  const { container, prefix, settle_ms } = location;
  return {
    sign_in: signInOf(location, env),
    container,
    prefix,
    ...(settle_ms === undefined ? {} : { settle_ms }),
    ...(await readAuthorities("OS_CACERT", env["OS_CACERT"])),
  };
}

function signInOf(location: SwiftLocation, env: Credentials): SwiftSignIn {
  const auth_url =
    location.auth_url ??
    webUrl("OS_AUTH_URL", env["OS_AUTH_URL"] || undefined) ??
    webUrl("ST_AUTH", env["ST_AUTH"] || undefined);
  if (!auth_url)
    throw new StorageRefused(
      "there is no address to sign in at: add auth_url to the repository's URL, or set OS_AUTH_URL or OS_CLOUD",
    );
  if (TEMPAUTH.test(auth_url)) {
    const { ST_USER: user, ST_KEY: key } = env;
    if (!user || !key)
      throw new StorageRefused(`there are no credentials for ${auth_url}: set ST_USER and ST_KEY`);
    return { kind: "tempauth", auth_url, user, key };
  }
  const region = location.region ?? (env["OS_REGION_NAME"] || undefined);
  return {
    kind: "keystone",
    auth_url,
    identity: identityOf(env),
    ...(region === undefined ? {} : { region }),
    interface: (location.interface ?? (env["OS_INTERFACE"] || "public")).replace(/URL$/, ""),
  };
}

function identityOf(env: Credentials): KeystoneIdentity {
  const { OS_APPLICATION_CREDENTIAL_ID: id, OS_APPLICATION_CREDENTIAL_SECRET: secret } = env;
  if (id && secret) return { method: "application_credential", id, secret };
  const password = env["OS_PASSWORD"];
  const user = named(env, env["OS_USER_ID"], env["OS_USERNAME"], "OS_USER_DOMAIN");
  const project = named(env, env["OS_PROJECT_ID"], env["OS_PROJECT_NAME"], "OS_PROJECT_DOMAIN");
  if (!password || !user || !project)
    throw new StorageRefused(
      "there are no whole credentials for Swift: set OS_CLOUD, or OS_USERNAME, OS_PASSWORD and OS_PROJECT_NAME, or OS_APPLICATION_CREDENTIAL_ID and OS_APPLICATION_CREDENTIAL_SECRET",
    );
  return { method: "password", user, password, project };
}

/** By id, or by name within a domain. */
function named(env: Credentials, id: string | undefined, name: string | undefined, domain: string) {
  if (id) return { id };
  const domain_id = env[`${domain}_ID`];
  const within = domain_id ? { id: domain_id } : { name: env[`${domain}_NAME`] || DEFAULT_DOMAIN };
  return name ? { name, domain: within } : undefined;
}
