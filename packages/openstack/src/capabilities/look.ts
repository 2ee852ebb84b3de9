import { OpenStackError } from "../errors/openstack-error.ts";
import type { Query, ServiceClient } from "../service/service-client.ts";
import { evidenceOf, type Finding, fine } from "./finding.ts";

interface Look<Body> {
  readonly capability: string;
  readonly how: "document" | "list";
  readonly client: ServiceClient;
  readonly path: string;
  readonly query?: Query;
  /** Field of the answer that is judged. */
  readonly unwrap: string;
  readonly judge: (body: Body) => Pick<Finding, "state" | "detail">;
}

/**
 * Reads what a site says of itself. Refused (403) or not there (404) is `no`, any other error `unknown`.
 * @throws SiteUnreachable
 */
export async function look<Body>(wish: Look<Body>): Promise<Finding> {
  const { capability, how, client, path, query, unwrap, judge } = wish;
  try {
    const body = await client.get<Body>(path, { query, unwrap });
    return { capability, how, ...judge(body), evidence: fine(client, "GET", path, 200) };
  } catch (error) {
    if (!(error instanceof OpenStackError)) throw error;
    const state = error.status === 403 || error.status === 404 ? "no" : "unknown";
    return { capability, how, state, evidence: evidenceOf(error) };
  }
}
