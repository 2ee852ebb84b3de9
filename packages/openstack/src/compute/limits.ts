import type { ServiceClient } from "../service/service-client.ts";

/** What the project may have and has. -1 is no limit. RAM in MiB. */
export interface ComputeLimits {
  maxTotalInstances: number;
  totalInstancesUsed: number;
  maxTotalCores: number;
  totalCoresUsed: number;
  maxTotalRAMSize: number;
  totalRAMUsed: number;
  maxTotalKeypairs: number;
  maxServerMeta: number;
  maxServerGroups?: number;
  maxServerGroupMembers?: number;
}

/** Every role may read its own project's limits. */
export async function getComputeLimits(nova: ServiceClient): Promise<ComputeLimits> {
  const { absolute } = await nova.get<{ absolute: ComputeLimits }>("/limits", { unwrap: "limits" });
  return absolute;
}
