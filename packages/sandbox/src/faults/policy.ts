import { Refusal } from "../http/refusal.ts";
import type { Route } from "../http/route.ts";
import type { Caller } from "../identity/caller.ts";
import type { FaultService } from "../options.ts";
import type { Site } from "../site.ts";

/** Refuses what only administrators may, and what a fault denies. */
export function enforcePolicy(
  site: Site,
  service: FaultService,
  caller: Caller,
  rule: Pick<Route, "policy" | "admin">,
): void {
  if (rule.admin && !caller.is_admin) throw denied(service, rule.policy ?? "admin_required");
  if (rule.policy !== undefined && !caller.is_admin && isDenied(site, rule.policy)) {
    throw denied(service, rule.policy);
  }
}

/** By a fault that is set now, or by the site's operator for good. */
export function isDenied(site: Site, policy: string): boolean {
  return site.options.denied_policies?.includes(policy) === true || site.faults.denies(policy);
}

/** How each service words it. */
function denied(service: FaultService, policy: string): Refusal {
  switch (service) {
    case "identity":
      return new Refusal(403, `You are not authorized to perform the requested action: ${policy}.`);
    case "network":
      return new Refusal(403, `rule:${policy} is disallowed by policy`, { type: "PolicyNotAuthorized" });
    case "image":
      return new Refusal(403, `You are not authorized to complete ${policy} action.`);
    default:
      return new Refusal(403, `Policy doesn't allow ${policy} to be performed.`);
  }
}
