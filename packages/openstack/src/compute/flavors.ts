import { negotiate } from "../negotiation/negotiate.ts";
import { type ListOptions, listPages } from "../service/list-pages.ts";
import type { ServiceClient } from "../service/service-client.ts";

export interface Flavor {
  id: string;
  name: string;
  vcpus: number;
  /** MiB */
  ram: number;
  /** GiB; 0 means that the image decides */
  disk: number;
  "OS-FLV-EXT-DATA:ephemeral"?: number;
  /** MiB; the empty string for none, below 2.75 */
  swap: number | "";
  rxtx_factor?: number;
  "os-flavor-access:is_public"?: boolean;
  "OS-FLV-DISABLED:disabled"?: boolean;
  /** From 2.55. */
  description?: string | null;
  /** From 2.61, and only where policy lets this role see them. */
  extra_specs?: Record<string, string>;
}

/** Flavors that this project may use: the public ones and those it was given. */
export function listFlavors(nova: ServiceClient, options: ListOptions = {}): AsyncGenerator<Flavor[], void> {
  return listPages<Flavor>(nova, {
    ...options,
    path: "/flavors/detail",
    key: "flavors",
    microversion: negotiate(nova, "read_flavor.extra_specs").microversion,
  });
}

/** @throws OpenStackError 404 no such flavor, or none that this project may use */
export function getFlavor(nova: ServiceClient, id: string): Promise<Flavor> {
  return nova.get<Flavor>(`/flavors/${encodeURIComponent(id)}`, {
    microversion: negotiate(nova, "read_flavor.extra_specs").microversion,
    unwrap: "flavor",
  });
}

/** For sites below 2.61, where the list does not hold them. */
export function getFlavorExtraSpecs(nova: ServiceClient, id: string): Promise<Record<string, string>> {
  return nova.get(`/flavors/${encodeURIComponent(id)}/os-extra_specs`, { unwrap: "extra_specs" });
}
