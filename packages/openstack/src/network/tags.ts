import { unlessMissing } from "../errors/openstack-error.ts";
import type { ServiceClient } from "../service/service-client.ts";

/** What Neutron puts tags on, as its URLs spell it. Extensions `standard-attr-tag` (Pike), before only networks and the like. */
export type Tagged = "networks" | "subnets" | "ports" | "security-groups" | "floatingips" | "routers";

/** The longest tag that every release takes. */
export const TAG_MAX_CHARS = 60;

/** @throws OpenStackError 404 no such resource, or the site has no tags on these */
export async function addTag(neutron: ServiceClient, on: Tagged, id: string, tag: string): Promise<void> {
  await neutron.put(`/${on}/${id}/tags/${encodeURIComponent(tag)}`);
}

/** Fine when the tag is not there. */
export async function removeTag(neutron: ServiceClient, on: Tagged, id: string, tag: string): Promise<void> {
  await unlessMissing(neutron.delete(`/${on}/${id}/tags/${encodeURIComponent(tag)}`));
}
