import { OpenStackError, type ServiceClient, SiteUnreachable } from "@uniview/openstack";
import type { SiteService } from "../../sites/service.ts";
import type { GatewaySite } from "../identity/gateway-token.ts";
import { siteAway } from "../proxy/fault.ts";
import type { GlobalFamily } from "./global-path.ts";

/** No site may keep a list of all sites waiting for longer. */
export const SITE_DEADLINE_MS = 10_000;

/** A site that could not take part, and why, for people. */
export interface Missing {
  readonly site: string;
  readonly reason: string;
  /** What the site itself answered; undefined: nothing. */
  readonly error: OpenStackError | undefined;
}

export interface Asked<T> {
  readonly answers: readonly { readonly site: GatewaySite; readonly value: T }[];
  readonly missing: readonly Missing[];
}

/** Asks every site at once, each within the deadline; the answers come in the order of the sites. */
export async function askAll<T>(
  sites: Pick<SiteService, "connect">,
  members: readonly GatewaySite[],
  family: GlobalFamily,
  ask: (client: ServiceClient, site: GatewaySite, signal: AbortSignal) => Promise<T>,
): Promise<Asked<T>> {
  const outcomes = await Promise.all(
    members.map(async (site) => {
      try {
        return { site, value: await within(site, (signal) => one(site, signal)) };
      } catch (error) {
        return missingBy(site, error);
      }
    }),
  );
  return {
    answers: outcomes.flatMap((outcome) => ("value" in outcome ? [outcome] : [])),
    missing: outcomes.flatMap((outcome) => ("reason" in outcome ? [outcome] : [])),
  };

  async function one(site: GatewaySite, signal: AbortSignal): Promise<T> {
    const session = await sites.connect(site.site_project_id);
    return await ask(await session.service(family), site, signal);
  }
}

/** Ends waiting, also for what takes no signal: a catalog or version document of a site that hangs. */
async function within<T>(site: GatewaySite, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const signal = AbortSignal.timeout(SITE_DEADLINE_MS);
  const late = Promise.withResolvers<never>();
  const tooLate = () =>
    late.reject(siteAway(site.site_name, `it did not answer within ${SITE_DEADLINE_MS / 1000} s.`));
  signal.addEventListener("abort", tooLate, { once: true });
  try {
    return await Promise.race([work(signal), late.promise]);
  } finally {
    signal.removeEventListener("abort", tooLate);
  }
}

function missingBy(site: GatewaySite, error: unknown): Missing {
  const named = { site: site.site_name };
  if (error instanceof OpenStackError) return { ...named, reason: error.reason, error };
  if (error instanceof SiteUnreachable) return { ...named, reason: error.message, error: undefined };
  const reason = error instanceof Error ? error.message : "it failed.";
  return { ...named, reason, error: undefined };
}

/** `zed; reason="…", epoxy; reason="…"`: a header, so one line of ASCII. */
export function sayMissing(missing: readonly Missing[]): string {
  return missing
    .map(
      ({ site, reason }) => `${site}; reason="${reason.replace(/[^\x20-\x7e]|["\\]/g, "'").slice(0, 200)}"`,
    )
    .join(", ");
}
