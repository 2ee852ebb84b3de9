import type { Site } from "../site.ts";

/** Nova asks most policies about the server itself since Ussuri, whose first new microversion this is. */
const SERVER_FIRST_SINCE_MINOR = 80;

/**
 * Whether the policy is asked before the server is looked up, so that a server that is not there is refused with 403
 * where the policy denies. Later the answer is 404 whatever the policy says.
 *
 * @see nova, `api/openstack/compute/servers.py` and `volumes.py` at the tags 17.0.0, 20.0.0 and 21.0.0
 */
export function asksPolicyFirst(site: Site): boolean {
  return Number(site.release.compute_max.split(".")[1]) < SERVER_FIRST_SINCE_MINOR;
}
