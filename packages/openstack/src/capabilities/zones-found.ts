import type { Finding } from "./finding.ts";

interface Zone {
  readonly zoneName: string;
  readonly zoneState: { readonly available: boolean };
}

/** Nova and Cinder list their availability zones alike. */
export function zonesFound(zones: readonly Zone[]): Pick<Finding, "state" | "detail"> {
  const open = zones.filter(({ zoneState }) => zoneState.available).map(({ zoneName }) => zoneName);
  const shut = zones.filter(({ zoneState }) => !zoneState.available).map(({ zoneName }) => zoneName);
  if (open.length === 0)
    return { state: "no", detail: zones.length === 0 ? "none is listed" : "none is available" };
  const detail = open.sort().join(", ");
  if (shut.length === 0) return { state: "yes", detail };
  return { state: "limited", detail: `${detail}; not available: ${shut.sort().join(", ")}` };
}
