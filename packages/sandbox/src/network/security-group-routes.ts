import { empty, json, type Reply } from "../http/reply.ts";
import { type Call, param, type Route, route } from "../http/route.ts";
import { put } from "../state.ts";
import { addEgressRules, defaultGroup } from "./default-group.ts";
import { listResources } from "./list-resources.ts";
import { checkNetworkQuota } from "./quotas.ts";
import { neutronError, newResource, owns, readResource, touch } from "./resource.ts";
import type { SecurityGroup } from "./state.ts";
import { viewSecurityGroup } from "./views.ts";

const KNOWN = ["stateful"];

export const SECURITY_GROUP_ROUTES: Route[] = [
  route("GET", "/security-groups", listGroups),
  route("GET", "/security-groups/{group_id}", (call) =>
    json({ security_group: viewSecurityGroup(call.site, findGroup(call, param(call, "group_id"))) }),
  ),
  route("POST", "/security-groups", createGroup, { policy: "create_security_group" }),
  route("PUT", "/security-groups/{group_id}", updateGroup, { policy: "update_security_group" }),
  route("DELETE", "/security-groups/{group_id}", deleteGroup, { policy: "delete_security_group" }),
];

export function findGroup(call: Call, id: string): SecurityGroup {
  const group = call.site.state.security_groups.get(id);
  if (group === undefined || !owns(call, group)) {
    throw neutronError(404, "SecurityGroupNotFound", `Security group ${id} does not exist`);
  }
  return group;
}

function listGroups(call: Call): Reply {
  defaultGroup(call.site, call.caller.project_id);
  const visible = [...call.site.state.security_groups.values()].filter((group) => owns(call, group));
  return listResources(
    call,
    "security_groups",
    visible.map((group) => viewSecurityGroup(call.site, group)),
  );
}

async function createGroup(call: Call): Promise<Reply> {
  const { site, caller } = call;
  const given = await readResource(call, "security_group", KNOWN);
  if (given.text("name") === "default") throw defaultExists();
  defaultGroup(site, caller.project_id);
  checkNetworkQuota(site, caller.project_id, "security_group");
  const group = put(site.state.security_groups, {
    ...newResource(call, given),
    stateful: given.flag("stateful") ?? true,
  });
  addEgressRules(site, group);
  return json({ security_group: viewSecurityGroup(site, group) }, 201);
}

async function updateGroup(call: Call): Promise<Reply> {
  const group = findGroup(call, param(call, "group_id"));
  const given = await readResource(call, "security_group", KNOWN);
  if (given.text("name") === "default" && group.name !== "default") throw defaultExists();
  touch(call.site, group, given);
  return json({ security_group: viewSecurityGroup(call.site, group) });
}

function deleteGroup(call: Call): Reply {
  const { state } = call.site;
  const group = findGroup(call, param(call, "group_id"));
  const used = [...state.ports.values()].some((port) => port.security_groups.includes(group.id));
  if (used) throw neutronError(409, "SecurityGroupInUse", `Security Group ${group.id} in use.`);
  if (group.name === "default" && !call.caller.is_admin) {
    throw neutronError(
      409,
      "SecurityGroupCannotRemoveDefault",
      "Insufficient rights for removing default security group.",
    );
  }
  for (const rule of state.security_group_rules.values()) {
    if (rule.security_group_id === group.id || rule.remote_group_id === group.id)
      state.security_group_rules.delete(rule.id);
  }
  state.security_groups.delete(group.id);
  return empty();
}

function defaultExists(): Error {
  return neutronError(409, "SecurityGroupDefaultAlreadyExists", "Default security group already exists.");
}
