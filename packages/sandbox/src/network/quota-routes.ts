import { json, type Reply } from "../http/reply.ts";
import { type Call, param, type Route, route } from "../http/route.ts";
import { type NetworkQuota, networkLimits, networkUsed } from "./quotas.ts";
import { disallowed } from "./resource.ts";

export const QUOTA_ROUTES: Route[] = [
  route("GET", "/quotas/{project_id}", (call) => json({ quota: networkLimits(call.site, projectOf(call)) })),
  route("GET", "/quotas/{project_id}/details", showDetails),
  route("GET", "/quotas/{project_id}/details.json", showDetails),
];

function showDetails(call: Call): Reply {
  const project_id = projectOf(call);
  const limits = Object.entries(networkLimits(call.site, project_id)) as Array<[NetworkQuota, number]>;
  const quota = limits.map(([name, limit]) => [
    name,
    { limit, used: networkUsed(call.site, project_id, name), reserved: 0 },
  ]);
  return json({ quota: Object.fromEntries(quota) });
}

function projectOf(call: Call): string {
  const project_id = param(call, "project_id");
  if (project_id !== call.caller.project_id && !call.caller.is_admin) throw disallowed("rule:get_quota");
  return project_id;
}
