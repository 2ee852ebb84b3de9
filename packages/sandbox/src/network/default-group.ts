import type { Site } from "../site.ts";
import { put } from "../state.ts";
import { bareResource } from "./resource.ts";
import type { SecurityGroup, SecurityGroupRule } from "./state.ts";

/** Every project has a group `default`, made when it is first looked for. */
export function defaultGroup(site: Site, project_id: string): SecurityGroup {
  const groups = [...site.state.security_groups.values()];
  const found = groups.find((group) => group.project_id === project_id && group.name === "default");
  if (found !== undefined) return found;
  const group = put(site.state.security_groups, {
    ...bareResource(site, project_id, "default", "Default security group"),
    stateful: true,
  });
  addEgressRules(site, group);
  for (const ethertype of ["IPv4", "IPv6"] as const) {
    addRule(site, group, { direction: "ingress", ethertype, remote_group_id: group.id });
  }
  return group;
}

/** What every new group allows: going out. */
export function addEgressRules(site: Site, group: SecurityGroup): void {
  for (const ethertype of ["IPv4", "IPv6"] as const) addRule(site, group, { direction: "egress", ethertype });
}

export function addRule(
  site: Site,
  group: SecurityGroup,
  rule: Partial<SecurityGroupRule> & Pick<SecurityGroupRule, "direction" | "ethertype">,
): SecurityGroupRule {
  return put(site.state.security_group_rules, {
    protocol: null,
    port_range_min: null,
    port_range_max: null,
    remote_ip_prefix: null,
    remote_group_id: null,
    description: "",
    ...rule,
    id: site.newId(),
    security_group_id: group.id,
    project_id: group.project_id,
    created_at: site.now(),
  });
}
