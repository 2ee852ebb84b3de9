import { OpenStackError } from "../errors/openstack-error.ts";
import type { Answer, Json, ServiceClient } from "../service/service-client.ts";
import { evidenceOf, type Finding, fine } from "./finding.ts";

/**
 * A POST that cannot succeed, because it names what is not there or wants what is impossible. The site's policy is asked
 * before that is noticed, so that the kind of refusal tells whether the role may do it.
 */
export interface Attempt {
  readonly capability: string;
  readonly client: ServiceClient;
  readonly path: string;
  readonly body: unknown;
  /** A refusal that only they get whom the policy let pass. Tell it by its words, too: a proxy says 400 and 404 as well. */
  readonly past: (error: OpenStackError) => boolean;
  /** Takes back what was made, should a site do it after all. */
  readonly takeBack: (answer: Answer) => Promise<unknown>;
}

/** How the services word a policy's refusal: Nova and Cinder, Neutron, Glance and Keystone. */
const DENIED = /polic(y|ies)|disallowed|not authorized|not permitted/i;

/**
 * @returns `yes` past the policy, `no` refused by it, else `unknown`: a 404 before the policy was asked tells nothing
 * @throws SiteUnreachable
 */
export async function attempt({ capability, client, path, body, past, takeBack }: Attempt): Promise<Finding> {
  try {
    const answer = await client.request<Json>("POST", path, { body });
    await takeBack(answer);
    return { capability, state: "yes", how: "attempt", evidence: fine(client, "POST", path, answer.status) };
  } catch (error) {
    if (!(error instanceof OpenStackError) || error.method !== "POST") throw error;
    const evidence = evidenceOf(error);
    if (past(error)) return { capability, state: "yes", how: "attempt", evidence };
    const denied = error.status === 403 && DENIED.test(error.reason);
    return { capability, state: denied ? "no" : "unknown", how: "attempt", evidence };
  }
}

/** A refusal with this status and these words. */
export function refusedBy(status: number, words: RegExp): (error: OpenStackError) => boolean {
  return (error) => error.status === status && words.test(error.reason);
}

/** Nothing is made whatever the site answers: there is nothing to name. */
export async function nothingToTakeBack(): Promise<void> {}

/** The id of what an answer wraps: `{ "port": { "id": … } }`. */
export function idIn({ body }: Answer, key: string): string | undefined {
  const wrapped = isObject(body) ? body[key] : undefined;
  const id = isObject(wrapped) ? wrapped["id"] : undefined;
  return typeof id === "string" ? id : undefined;
}

function isObject(value: Json | undefined): value is { [key: string]: Json } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
