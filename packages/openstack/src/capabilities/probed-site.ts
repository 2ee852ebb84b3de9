import type { ServiceClient } from "../service/service-client.ts";
import type { ServiceType } from "../service/service-types.ts";
import type { Token } from "../session/token.ts";

/** A site as a probe sees it: one user in one project. */
export interface ProbedSite {
  readonly token: Token;
  readonly project_id: string;
  client(type: ServiceType): Promise<ServiceClient>;
}

/** Begins the name of everything that a probe gives a name. */
export const PROBE_PREFIX = "uniview-probe";
