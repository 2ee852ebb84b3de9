import { Refusal } from "../http/refusal.ts";
import { json, type Reply } from "../http/reply.ts";
import { type Call, param, type Route, route } from "../http/route.ts";
import { volumeLimits, volumesUsed } from "./quotas.ts";

export const VOLUME_LIMIT_ROUTES: Route[] = [
  route("GET", "/limits", showLimits, { policy: "limits_extension:used_limits" }),
  route("GET", "/os-quota-sets/{project_id}", showQuotas),
  route("GET", "/os-availability-zone", () =>
    json({ availabilityZoneInfo: [{ zoneName: "nova", zoneState: { available: true } }] }),
  ),
  route("GET", "/extensions", () => json({ extensions: [] })),
  route("GET", "/os-services", () => json({ services: [] }), {
    policy: "volume_extension:services:index",
    admin: true,
  }),
  route("GET", "/scheduler-stats/get_pools", () => json({ pools: [] }), {
    policy: "scheduler_extension:scheduler_stats:get_pools",
    admin: true,
  }),
];

function showLimits(call: Call): Reply {
  const limits = volumeLimits(call.site, call.caller.project_id);
  const used = volumesUsed(call.site, call.caller.project_id);
  const backups = [...call.site.state.backups.values()].filter(
    ({ project_id }) => project_id === call.caller.project_id,
  );
  return json({
    limits: {
      rate: [],
      absolute: {
        maxTotalVolumes: limits.volumes,
        maxTotalSnapshots: limits.snapshots,
        maxTotalVolumeGigabytes: limits.gigabytes,
        maxTotalBackups: limits.backups,
        maxTotalBackupGigabytes: limits.backup_gigabytes,
        totalVolumesUsed: used.volumes,
        totalGigabytesUsed: used.gigabytes,
        totalSnapshotsUsed: used.snapshots,
        totalBackupsUsed: backups.length,
        totalBackupGigabytesUsed: backups.reduce((sum, { size }) => sum + size, 0),
      },
    },
  });
}

function showQuotas(call: Call): Reply {
  const project_id = param(call, "project_id");
  if (project_id !== call.caller.project_id && !call.caller.is_admin) {
    throw new Refusal(403, "Policy doesn't allow volume_extension:quotas:show to be performed.");
  }
  const per_type = [...call.site.state.volume_types.values()].flatMap(({ name }) =>
    ["volumes", "gigabytes", "snapshots"].map((what) => [`${what}_${name}`, -1] as const),
  );
  const limits: Record<string, number> = {
    ...Object.fromEntries(per_type),
    ...volumeLimits(call.site, project_id),
  };
  if (call.query.get("usage")?.toLowerCase() !== "true")
    return json({ quota_set: { ...limits, id: project_id } });
  const used: Record<string, number> = volumesUsed(call.site, project_id);
  const details = Object.entries(limits).map(([name, limit]) => [
    name,
    { limit, in_use: used[name] ?? 0, reserved: 0 },
  ]);
  return json({ quota_set: { ...Object.fromEntries(details), id: project_id } });
}
