import type { OpenStackError } from "../errors/openstack-error.ts";
import type { ServiceClient } from "../service/service-client.ts";

/** `limited`: it works, but not everything or not for long; the finding's detail says what. */
export type CapabilityState = "yes" | "no" | "limited" | "unknown";

/**
 * What a finding stands on, the strongest first. `document` and `list`: the site said so. `attempt`: a request that could
 * not succeed was let past the site's policy, or was not. `job`: what real work met. `default_policy`: nothing of this
 * site tells, only what its release does unless somebody changed it.
 */
export type How = "document" | "list" | "attempt" | "job" | "default_policy";

/** The call that a finding stands on, so that a site's operator can repeat it. */
export interface Evidence {
  readonly method: string;
  /** Path and query of the URL. */
  readonly path: string;
  readonly status: number;
  /** The site's own words, where it refused. */
  readonly said?: string;
}

/** What was found of one capability, as one user in one project sees it. */
export interface Finding {
  readonly capability: string;
  readonly state: CapabilityState;
  readonly how: How;
  /** One sentence or a short list for people: `raw, qcow2`; `12 of 40 used`. */
  readonly detail?: string;
  readonly evidence?: Evidence;
}

const SAID_MAX_CHARS = 200;

export function evidenceOf(error: OpenStackError): Evidence {
  const { method, path, status, reason } = error;
  return { method, path, status, said: reason.slice(0, SAID_MAX_CHARS) };
}

/** Evidence of a call that went well. */
export function fine(client: ServiceClient, method: string, path: string, status: number): Evidence {
  return { method, path: new URL(client.endpoint).pathname + path, status };
}
