import type { ServiceClient } from "../service/service-client.ts";

export interface VolumeZone {
  zoneName: string;
  zoneState: { available: boolean };
}

/** Zones that volumes may be made in; they are not those of servers. */
export function listVolumeZones(cinder: ServiceClient): Promise<VolumeZone[]> {
  return cinder.get("/os-availability-zone", { unwrap: "availabilityZoneInfo" });
}
