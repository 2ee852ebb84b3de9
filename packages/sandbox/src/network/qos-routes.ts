import { json, type Reply } from "../http/reply.ts";
import { bodyObject, type Call, param, type Route, route } from "../http/route.ts";
import { put } from "../state.ts";
import { neutronError } from "./resource.ts";
import type { QosPolicy } from "./state.ts";

/** What of quality of service Nova minds: policies that guarantee a port its bandwidth. Operators make them. */
export const QOS_ROUTES: Route[] = [
  route("GET", "/qos/policies", ({ site }) => json({ policies: [...site.state.qos_policies.values()] })),
  route("POST", "/qos/policies", createPolicy, { policy: "create_policy", admin: true }),
  route("POST", "/qos/policies/{policy_id}/minimum_bandwidth_rules", addRule, {
    policy: "create_policy_minimum_bandwidth_rule",
    admin: true,
  }),
];

async function createPolicy(call: Call): Promise<Reply> {
  const given = await bodyObject(call, "policy");
  const policy = put(call.site.state.qos_policies, {
    id: call.site.newId(),
    name: given.needText("name"),
    shared: given.flag("shared") ?? false,
    rules: [],
  });
  return json({ policy }, 201);
}

async function addRule(call: Call): Promise<Reply> {
  const policy = findQosPolicy(call, param(call, "policy_id"));
  const given = await bodyObject(call, "minimum_bandwidth_rule");
  const minimum_bandwidth_rule = {
    id: call.site.newId(),
    min_kbps: given.integer("min_kbps") ?? 0,
    direction: given.text("direction") ?? "egress",
  };
  policy.rules.push(minimum_bandwidth_rule);
  return json({ minimum_bandwidth_rule }, 201);
}

export function findQosPolicy({ site }: Call, id: string): QosPolicy {
  const policy = site.state.qos_policies.get(id);
  if (policy === undefined)
    throw neutronError(404, "QosPolicyNotFound", `QoS policy ${id} could not be found.`);
  return policy;
}
