import type { Fields } from "../http/json.ts";
import { empty, json, type Reply } from "../http/reply.ts";
import { type Call, param, type Route, route } from "../http/route.ts";
import { addRule } from "./default-group.ts";
import { parseCidr } from "./ip.ts";
import { listResources } from "./list-resources.ts";
import { checkNetworkQuota } from "./quotas.ts";
import { neutronError, owns, readResource, required } from "./resource.ts";
import { findGroup } from "./security-group-routes.ts";
import type { SecurityGroupRule } from "./state.ts";
import { viewRule } from "./views.ts";

const KNOWN = [
  "security_group_id",
  "direction",
  "ethertype",
  "protocol",
  "port_range_min",
  "port_range_max",
  "remote_ip_prefix",
  "remote_group_id",
];
const COMPARED = [...KNOWN] as Array<keyof SecurityGroupRule>;

export const SECURITY_GROUP_RULE_ROUTES: Route[] = [
  route("GET", "/security-group-rules", (call) => {
    const visible = [...call.site.state.security_group_rules.values()].filter((rule) => owns(call, rule));
    return listResources(call, "security_group_rules", visible.map(viewRule));
  }),
  route("GET", "/security-group-rules/{rule_id}", (call) =>
    json({ security_group_rule: viewRule(find(call)) }),
  ),
  route("POST", "/security-group-rules", createRule, { policy: "create_security_group_rule" }),
  route("DELETE", "/security-group-rules/{rule_id}", (call) => {
    call.site.state.security_group_rules.delete(find(call).id);
    return empty();
  }),
];

async function createRule(call: Call): Promise<Reply> {
  const { site } = call;
  const given = await readResource(call, "security_group_rule", KNOWN);
  const group = findGroup(call, required(given, "security_group_id"));
  const wanted = readRule(given);
  const same = [...site.state.security_group_rules.values()].find(
    (rule) =>
      rule.security_group_id === group.id &&
      COMPARED.every((key) => key === "security_group_id" || rule[key] === (wanted[key] ?? null)),
  );
  if (same !== undefined) {
    throw neutronError(
      409,
      "SecurityGroupRuleExists",
      `Security group rule already exists. Rule id is ${same.id}.`,
    );
  }
  if (wanted.remote_group_id) findGroup(call, wanted.remote_group_id);
  checkNetworkQuota(site, group.project_id, "security_group_rule");
  const rule = addRule(site, group, { ...wanted, description: given.text("description") ?? "" });
  return json({ security_group_rule: viewRule(rule) }, 201);
}

function readRule(
  given: Fields,
): Partial<SecurityGroupRule> & Pick<SecurityGroupRule, "direction" | "ethertype"> {
  const direction = required(given, "direction");
  if (direction !== "ingress" && direction !== "egress") {
    const reason = `'${direction}' is not in ['ingress', 'egress']`;
    throw neutronError(400, "HTTPBadRequest", `Invalid input for direction. Reason: ${reason}.`);
  }
  const prefix = given.text("remote_ip_prefix");
  const cidr = prefix === undefined ? undefined : parseCidr(prefix.includes("/") ? prefix : `${prefix}/32`);
  const is_v6 = prefix?.includes(":") || given.text("ethertype")?.toLowerCase() === "ipv6";
  if (prefix !== undefined && cidr === undefined && !is_v6) {
    const reason = `'${prefix}' is not a valid IP subnet`;
    throw neutronError(400, "HTTPBadRequest", `Invalid input for remote_ip_prefix. Reason: ${reason}.`);
  }
  const protocol = given.raw("protocol");
  if (prefix !== undefined && given.text("remote_group_id") !== undefined) {
    throw neutronError(
      400,
      "SecurityGroupMultipleRemoteEntries",
      "Only one of remote_ip_prefix or remote_group_id or remote_address_group_id may be provided.",
    );
  }
  return {
    direction,
    ethertype: is_v6 ? "IPv6" : "IPv4",
    protocol:
      protocol === null || protocol === undefined || protocol === "any"
        ? null
        : String(protocol).toLowerCase(),
    port_range_min: given.integer("port_range_min") ?? null,
    port_range_max: given.integer("port_range_max") ?? null,
    remote_ip_prefix: cidr?.text ?? prefix ?? null,
    remote_group_id: given.text("remote_group_id") ?? null,
  };
}

function find(call: Call): SecurityGroupRule {
  const id = param(call, "rule_id");
  const rule = call.site.state.security_group_rules.get(id);
  if (rule === undefined || !owns(call, rule)) {
    throw neutronError(404, "SecurityGroupRuleNotFound", `Security group rule ${id} does not exist`);
  }
  return rule;
}
