import { Refusal } from "../http/refusal.ts";
import type { Site } from "../site.ts";
import type { Server } from "./state.ts";

/** Nova's defaults, as `os-quota-sets` names them. */
const DEFAULTS = {
  instances: 20,
  cores: 40,
  ram: 51_200,
  metadata_items: 128,
  key_pairs: 100,
  server_groups: 10,
  server_group_members: 10,
};

export type ComputeQuota = keyof typeof DEFAULTS;

export function computeLimits(site: Site, project_id: string): Record<ComputeQuota, number> {
  return { ...DEFAULTS, ...site.state.quotas.get(`compute/${project_id}`)?.limits };
}

export function computeUsed(site: Site, project_id: string): Record<"instances" | "cores" | "ram", number> {
  const servers = [...site.state.servers.values()].filter(
    (server) => server.project_id === project_id && server.vm_state !== "deleted",
  );
  const sum = (size: (server: Server) => number) =>
    servers.reduce((total, server) => total + size(server), 0);
  return {
    instances: servers.length,
    cores: sum((server) => server.flavor.vcpus),
    ram: sum((server) => server.flavor.ram),
  };
}

/** @throws Refusal 403 naming every quota that would be exceeded */
export function checkQuota(
  site: Site,
  project_id: string,
  wishes: Partial<Record<ComputeQuota, { wanted: number; used: number }>>,
): void {
  const limits = computeLimits(site, project_id);
  const over = (Object.entries(wishes) as Array<[ComputeQuota, { wanted: number; used: number }]>).filter(
    ([name, { wanted, used }]) => limits[name] >= 0 && used + wanted > limits[name],
  );
  if (over.length === 0) return;
  const names = over.map(([name]) => name).join(", ");
  const wanted = over.map(([, wish]) => wish.wanted).join(", ");
  const used = over.map(([, wish]) => wish.used).join(", ");
  const allowed = over.map(([name]) => limits[name]).join(", ");
  throw new Refusal(
    403,
    `Quota exceeded for ${names}: Requested ${wanted}, but already used ${used} of ${allowed} ${names}`,
  );
}
