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
  const path = takeApart(auth_url);
  if (path.version === "v3") return putTogether({ ...path, tail: "" });
  const unversioned = putTogether({ ...path, version: undefined, tail: "" });
  const { endpoint } = await discoverService("identity", unversioned, undefined, read);
  return endpoint;
}
