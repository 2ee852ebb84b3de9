import { isStatus } from "../errors/openstack-error.ts";
import type { ServiceClient } from "../service/service-client.ts";

/** -1 is no limit. `used` is undefined where the site cannot say. */
export interface NetworkQuota {
  limit: number;
  used: number | undefined;
  reserved: number | undefined;
}

/** Limits of `network`, `subnet`, `port`, `security_group`, `security_group_rule`, `floatingip`, `router`… */
export async function getNetworkQuota(
  neutron: ServiceClient,
  project_id: string,
): Promise<Record<string, NetworkQuota>> {
  try {
    // Extension quota_details, from Pike on; some sites keep it for admins.
    return await neutron.get(`/quotas/${project_id}/details.json`, { unwrap: "quota" });
  } catch (error) {
    if (!isStatus(error, 403, 404)) throw error;
  }
  const limits = await neutron.get<Record<string, number>>(`/quotas/${project_id}`, { unwrap: "quota" });
  const rows = Object.entries(limits).map(([name, limit]) => [
    name,
    { limit, used: undefined, reserved: undefined },
  ]);
  return Object.fromEntries(rows);
}
