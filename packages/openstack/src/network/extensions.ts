import { collect, listPages } from "../service/list-pages.ts";
import type { ServiceClient } from "../service/service-client.ts";

export interface Extension {
  alias: string;
  name: string;
  description: string;
  updated: string;
}

/** What this Neutron can do: it has no microversions, its extensions are how it tells. */
export function listExtensions(neutron: ServiceClient): Promise<Extension[]> {
  return collect(listPages<Extension>(neutron, { path: "/extensions", key: "extensions" }));
}
