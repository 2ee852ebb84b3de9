import type { ServiceClient } from "../service/service-client.ts";

export interface VolumeZone {
  zoneName: string;
  zoneState: { available: boolean };
}

export function listVolumeZones(cinder: ServiceClient): Promise<VolumeZone[]> {
  return cinder.get("/os-availability-zone", { unwrap: "availabilityZoneInfo" });
}
