import { SiteUnreachable } from "../errors/site-unreachable.ts";
import { discoverService, type ReadDocument } from "./discover-service.ts";
import { putTogether, takeApart } from "./endpoint-path.ts";

/**
 * Keystone's URL with `/v3` for what somebody wrote as auth_url: with or without version, with the old `/v2.0`, with
 * slashes at the end. Costs a request only where the version is missing.
 *
 * @throws SiteUnreachable not_openstack
 */
export async function findKeystone(auth_url: string, read: ReadDocument): Promise<string> {
  if (!/^https?:\/\//i.test(auth_url) || !URL.canParse(auth_url)) {
    const message = `auth_url '${auth_url}' is not a URL. Write it like 'https://cloud.example.com:5000/v3'.`;
    throw new SiteUnreachable("not_openstack", auth_url, message);
  }
  const path = takeApart("identity", auth_url);
  if (path.version === "v3") return putTogether({ ...path, tail: "" });
  const unversioned = putTogether({ ...path, version: undefined, tail: "" });
  try {
    return (await discoverService("identity", unversioned, undefined, read)).endpoint;
  } catch (error) {
    if (!(error instanceof SiteUnreachable) || error.kind !== "not_openstack") throw error;
    const message = `No OpenStack Identity v3 at auth_url ${auth_url}. Check host, port and path.`;
    throw new SiteUnreachable("not_openstack", new URL(auth_url).host, message, { cause: error });
  }
}
