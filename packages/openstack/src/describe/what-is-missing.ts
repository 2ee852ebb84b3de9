import type { ServiceType } from "../service/service-types.ts";

/** What people cannot do at a site without the service. Keystone is not here: without it there is no site at all. */
const CONSEQUENCES: Readonly<Partial<Record<ServiceType, string>>> = {
  compute: "Without Nova there are no servers: nothing can be listed, started or moved.",
  "block-storage":
    "Without Cinder there are no volumes: servers with volumes cannot be moved here or protected.",
  image: "Without Glance disks cannot be read or written: nothing can be moved to or from here.",
  network: "Without Neutron there are no ports: servers cannot be moved here.",
  // Only admins see Placement, and nothing of a member's work needs it.
};

/** One sentence for each service that people would miss here. */
export function whatIsMissing(
  answered: readonly ServiceType[],
): { service: ServiceType; consequence: string }[] {
  const rows = Object.entries(CONSEQUENCES) as [ServiceType, string][];
  return rows
    .filter(([service]) => !answered.includes(service))
    .map(([service, consequence]) => ({ service, consequence }));
}
