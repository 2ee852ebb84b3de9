import { type ListOptions, listPages } from "../service/list-pages.ts";
import type { ServiceClient } from "../service/service-client.ts";

export interface Domain {
  id: string;
  name: string;
  description?: string;
  enabled: boolean;
}

/** The domains that this user may get a token for. */
export function listOwnDomains(
  keystone: ServiceClient,
  options: ListOptions = {},
): AsyncGenerator<Domain[], void> {
  return listPages<Domain>(keystone, { ...options, path: "/auth/domains", key: "domains" });
}
