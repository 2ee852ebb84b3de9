import { createHash } from "node:crypto";
import type { Site } from "../site.ts";

interface CatalogRow {
  id: string;
  type: string;
  name: string;
  endpoints: Array<{ id: string; interface: string; region_id: string; region: string; url: string }>;
}

/** The service catalog as a token of the project carries it. */
export function catalogFor(site: Site, project_id: string): CatalogRow[] {
  const { layout } = site;
  const services = [
    ["identity", "keystone", `${layout.identity}/v3`],
    ["compute", "nova", layout.compute + layout.compute_endpoint],
    [
      layout.volume_type,
      layout.volume_type === "volumev3" ? "cinderv3" : "cinder",
      layout.volume + layout.volume_endpoint,
    ],
    ["image", "glance", layout.image],
    ["network", "neutron", layout.network + layout.network_endpoint],
    ["placement", "placement", layout.placement],
  ] as const;
  return services.map(([type, name, path]) => ({
    id: steadyId(site.name, type),
    type,
    name,
    endpoints: ["admin", "internal", "public"].map((facing) => ({
      id: steadyId(site.name, type, facing),
      interface: facing,
      region_id: site.region_name,
      region: site.region_name,
      url: site.url + path.replace("%(project_id)s", project_id),
    })),
  }));
}

/** Endpoint ids stay the same over restarts, as they do in Keystone's database. */
function steadyId(...parts: string[]): string {
  return createHash("md5").update(parts.join("/")).digest("hex");
}
