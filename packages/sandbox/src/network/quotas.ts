import type { Site } from "../site.ts";
import type { SiteState } from "../state.ts";
import { neutronError } from "./resource.ts";

/** Neutron's defaults. */
const DEFAULTS = {
  network: 100,
  subnet: 100,
  subnetpool: -1,
  port: 500,
  router: 10,
  floatingip: 50,
  rbac_policy: 10,
  security_group: 10,
  security_group_rule: 100,
};

export type NetworkQuota = keyof typeof DEFAULTS;

const TABLES: Partial<Record<NetworkQuota, keyof SiteState>> = {
  network: "networks",
  subnet: "subnets",
  port: "ports",
  router: "routers",
  floatingip: "floating_ips",
  security_group: "security_groups",
  security_group_rule: "security_group_rules",
};

export function networkLimits(site: Site, project_id: string): Record<NetworkQuota, number> {
  return { ...DEFAULTS, ...site.state.quotas.get(`network/${project_id}`)?.limits };
}

export function networkUsed(site: Site, project_id: string, name: NetworkQuota): number {
  const table = TABLES[name];
  if (table === undefined) return 0;
  const rows = [...site.state[table].values()] as Array<{ project_id?: string }>;
  return rows.filter((row) => row.project_id === project_id).length;
}

/** @throws Refusal 409 OverQuota */
export function checkNetworkQuota(site: Site, project_id: string, name: NetworkQuota): void {
  const limit = networkLimits(site, project_id)[name];
  if (limit >= 0 && networkUsed(site, project_id, name) >= limit) {
    throw neutronError(409, "OverQuota", `Quota exceeded for resources: ['${name}'].`);
  }
}
