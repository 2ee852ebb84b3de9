import { Refusal } from "../http/refusal.ts";
import { json, type Reply } from "../http/reply.ts";
import { type Call, param, type Route, route } from "../http/route.ts";
import { computeLimits, computeUsed } from "./quotas.ts";

const ZONE = { zoneName: "nova", zoneState: { available: true }, hosts: null };

export const LIMIT_ROUTES: Route[] = [
  route("GET", "/limits", showLimits, { policy: "os_compute_api:limits" }),
  route("GET", "/os-quota-sets/{project_id}", showQuotas),
  route("GET", "/os-quota-sets/{project_id}/defaults", showQuotas),
  route("GET", "/os-quota-sets/{project_id}/detail", showQuotaDetails),
  route("GET", "/os-availability-zone", () => json({ availabilityZoneInfo: [ZONE] })),
  // clients ask for this first, and for the other one when they are refused
  route(
    "GET",
    "/os-availability-zone/detail",
    () => json({ availabilityZoneInfo: [{ ...ZONE, hosts: {} }] }),
    { policy: "os_compute_api:os-availability-zone:detail", admin: true },
  ),
  route("GET", "/os-server-groups", () => json({ server_groups: [] })),
  route("GET", "/os-hypervisors", () => json({ hypervisors: [] }), {
    policy: "os_compute_api:os-hypervisors:list",
    admin: true,
  }),
  route("GET", "/os-services", () => json({ services: [] }), {
    policy: "os_compute_api:os-services:list",
    admin: true,
  }),
];

function showLimits(call: Call): Reply {
  const project_id = call.caller.is_admin
    ? (call.query.get("tenant_id") ?? call.caller.project_id)
    : call.caller.project_id;
  const limits = computeLimits(call.site, project_id);
  const used = computeUsed(call.site, project_id);
  const until = (version: string, fields: Record<string, number>) =>
    call.version.atLeast(version) ? {} : fields;
  return json({
    limits: {
      rate: [],
      absolute: {
        maxTotalInstances: limits.instances,
        maxTotalCores: limits.cores,
        maxTotalRAMSize: limits.ram,
        maxServerMeta: limits.metadata_items,
        ...until("2.39", { maxImageMeta: limits.metadata_items }),
        ...until("2.57", { maxPersonality: 5, maxPersonalitySize: 10_240 }),
        maxTotalKeypairs: limits.key_pairs,
        maxServerGroups: limits.server_groups,
        maxServerGroupMembers: limits.server_group_members,
        ...until("2.36", { maxTotalFloatingIps: -1, maxSecurityGroups: -1, maxSecurityGroupRules: -1 }),
        totalRAMUsed: used.ram,
        totalCoresUsed: used.cores,
        totalInstancesUsed: used.instances,
        ...until("2.36", { totalFloatingIpsUsed: 0, totalSecurityGroupsUsed: 0 }),
        totalServerGroupsUsed: 0,
      },
    },
  });
}

function quotaSet(call: Call, project_id: string): Record<string, number> {
  const until = (version: string, fields: Record<string, number>) =>
    call.version.atLeast(version) ? {} : fields;
  return {
    ...computeLimits(call.site, project_id),
    ...until("2.36", { fixed_ips: -1, floating_ips: -1, security_groups: -1, security_group_rules: -1 }),
    ...until("2.57", {
      injected_files: 5,
      injected_file_content_bytes: 10_240,
      injected_file_path_bytes: 255,
    }),
  };
}

function showQuotas(call: Call): Reply {
  const project_id = projectOf(call);
  return json({ quota_set: { id: project_id, ...quotaSet(call, project_id) } });
}

function showQuotaDetails(call: Call): Reply {
  const project_id = projectOf(call);
  const used: Record<string, number> = computeUsed(call.site, project_id);
  const details = Object.entries(quotaSet(call, project_id)).map(([name, limit]) => [
    name,
    { limit, in_use: used[name] ?? 0, reserved: 0 },
  ]);
  return json({ quota_set: { id: project_id, ...Object.fromEntries(details) } });
}

function projectOf(call: Call): string {
  const project_id = param(call, "project_id");
  if (project_id !== call.caller.project_id && !call.caller.is_admin) {
    throw new Refusal(403, "Policy doesn't allow os_compute_api:os-quota-sets:show to be performed.");
  }
  return project_id;
}
