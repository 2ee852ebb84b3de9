/**
 * Names under which clients ask for one and the same service, the newest first. Names of older, other versions
 * (`volume`, `volumev2`, `share`) are no aliases: their calls have other bodies.
 * Source: service-types-authority; gophercloud and older SDKs know only some of them, so all are in the catalog.
 */
const FAMILIES: readonly (readonly string[])[] = [
  ["block-storage", "volumev3", "block-store"],
  ["shared-file-system", "sharev2"],
  ["container-infrastructure-management", "container-infra"],
  ["workflow", "workflowv2"],
  ["instance-ha", "ha"],
  ["application-container", "container"],
  ["resource-optimization", "infra-optim"],
  ["baremetal-introspection", "introspector"],
  ["clustering", "resource-cluster"],
  ["message", "messaging"],
];

/** All names of a service type, itself included. */
export function aliasesOf(type: string): readonly string[] {
  return FAMILIES.find((family) => family.includes(type)) ?? [type];
}
