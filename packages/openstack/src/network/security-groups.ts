import { type ListOptions, listPages } from "../service/list-pages.ts";
import type { ServiceClient } from "../service/service-client.ts";

export interface SecurityGroupRule {
  id: string;
  security_group_id: string;
  direction: "ingress" | "egress";
  ethertype: "IPv4" | "IPv6";
  protocol: string | null;
  port_range_min: number | null;
  port_range_max: number | null;
  remote_ip_prefix: string | null;
  remote_group_id: string | null;
  description?: string | null;
}

export interface SecurityGroup {
  id: string;
  /** Not unique, except `default`. */
  name: string;
  description: string;
  project_id: string;
  stateful?: boolean;
  shared?: boolean;
  tags?: string[];
  security_group_rules: SecurityGroupRule[];
}

/** Yields pages of the project's groups with their rules; Neutron makes `default` when it is first asked. */
export function listSecurityGroups(
  neutron: ServiceClient,
  options: ListOptions = {},
): AsyncGenerator<SecurityGroup[], void> {
  return listPages<SecurityGroup>(neutron, { ...options, path: "/security-groups", key: "security_groups" });
}

/** @throws OpenStackError 404 */
export function getSecurityGroup(neutron: ServiceClient, id: string): Promise<SecurityGroup> {
  return neutron.get<SecurityGroup>(`/security-groups/${id}`, { unwrap: "security_group" });
}

/** Comes with the site's default rules (usually: everything out), which may have to be deleted first. */
export function createSecurityGroup(
  neutron: ServiceClient,
  security_group: { name: string; description?: string; stateful?: boolean },
): Promise<SecurityGroup> {
  return neutron.post<SecurityGroup>("/security-groups", {
    body: { security_group },
    unwrap: "security_group",
  });
}

/** @throws OpenStackError 409 while ports use it */
export async function deleteSecurityGroup(neutron: ServiceClient, id: string): Promise<void> {
  await neutron.delete(`/security-groups/${id}`);
}

export type NewSecurityGroupRule = Pick<SecurityGroupRule, "security_group_id" | "direction"> &
  Partial<Omit<SecurityGroupRule, "id">>;

/** @throws OpenStackError 409 the same rule exists */
export function createSecurityGroupRule(
  neutron: ServiceClient,
  security_group_rule: NewSecurityGroupRule,
): Promise<SecurityGroupRule> {
  const body = { security_group_rule };
  return neutron.post<SecurityGroupRule>("/security-group-rules", { body, unwrap: "security_group_rule" });
}

/** @throws OpenStackError 404 */
export async function deleteSecurityGroupRule(neutron: ServiceClient, id: string): Promise<void> {
  await neutron.delete(`/security-group-rules/${id}`);
}
