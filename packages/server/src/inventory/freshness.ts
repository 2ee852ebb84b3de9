import type { ResourceKind, SiteFreshness } from "@uniview/api";
import type { GrantedReading } from "./granted.ts";
import { INTERVALS_MS } from "./intervals.ts";

/** Readings that may be missed before a list is called stale. */
const MISSED_READINGS = 3;

/** How old the part of each site is; a site with several projects is as good as the worst of them. */
export function freshnessOf(
  granted: readonly GrantedReading[],
  kind: ResourceKind,
  now: number = Date.now(),
): SiteFreshness[] {
  const sites = new Map<string, GrantedReading[]>();
  for (const one of granted) sites.set(one.site, [...(sites.get(one.site) ?? []), one]);
  return [...sites].map(([site, readings]) => {
    const ages = readings.map(({ as_of }) => as_of);
    const as_of = ages.includes(null) ? null : (ages.toSorted()[0] ?? null);
    const problem =
      readings.find((one) => one.problem)?.problem ?? readings.find((one) => one.site_problem)?.site_problem;
    const unreachable = readings.some((one) => one.problem !== null || one.unreachable_since !== null);
    const late_ms = MISSED_READINGS * INTERVALS_MS[kind];
    const late = as_of === null || now - Date.parse(as_of) > late_ms;
    const state = unreachable ? "unreachable" : late ? "stale" : "fresh";
    return { site, state, as_of, ...(problem ? { problem } : {}) };
  });
}
