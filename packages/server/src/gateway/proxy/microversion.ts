import type { IncomingHttpHeaders } from "node:http";

/** How a service calls itself in `OpenStack-API-Version`. */
export type VersionedService = "compute" | "volume" | "placement";

/** The microversion that a client asks for, in either spelling; undefined: none. */
export function askedMicroversion(
  headers: IncomingHttpHeaders,
  service: VersionedService,
): string | undefined {
  for (const part of String(headers["openstack-api-version"] ?? "").split(",")) {
    const [name, version] = part.trim().split(/\s+/);
    if (name === service && version !== undefined) return version.toLowerCase();
  }
  const legacy = service === "compute" ? headers["x-openstack-nova-api-version"] : undefined;
  return typeof legacy === "string" ? legacy.toLowerCase() : undefined;
}

/** Headers that ask for this one. */
export function askFor(service: VersionedService, version: string): Record<string, string> {
  const common = { "openstack-api-version": `${service} ${version}` };
  return service === "compute" ? { ...common, "x-openstack-nova-api-version": version } : common;
}
