import type { ServiceClient } from "../service/service-client.ts";

export interface AvailabilityZone {
  zoneName: string;
  zoneState: { available: boolean };
}

/** Zones that servers may be made in, available or not. */
export function listComputeZones(nova: ServiceClient): Promise<AvailabilityZone[]> {
  return nova.get("/os-availability-zone", { unwrap: "availabilityZoneInfo" });
}
