import type { ServiceType } from "./service-types.ts";

/**
 * How each service is asked for a microversion. Nova takes its own header up to 2.26 and the common one from 2.27 on,
 * so it gets both; Cinder calls itself `volume`. Services without microversions ignore the wish.
 */
export function microversionHeaders(
  type: ServiceType,
  microversion: string | undefined,
): Record<string, string> {
  if (microversion === undefined) return {};
  switch (type) {
    case "compute":
      return {
        "openstack-api-version": `compute ${microversion}`,
        "x-openstack-nova-api-version": microversion,
      };
    case "block-storage":
      return { "openstack-api-version": `volume ${microversion}` };
    case "placement":
      return { "openstack-api-version": `placement ${microversion}` };
    default:
      return {};
  }
}
