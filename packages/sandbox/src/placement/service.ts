import { Refusal } from "../http/refusal.ts";
import { json } from "../http/reply.ts";
import type { Service } from "../http/service.ts";
import { authenticate } from "../identity/tokens.ts";
import type { Site } from "../site.ts";

/** Placement: its version document, and refusals for members, who have no business there. */
export function placementService(site: Site): Service {
  const range = { service: "placement", min: "1.0", max: site.release.placement_max } as const;
  return {
    name: "placement",
    prefix: site.layout.placement,
    versioned: "",
    routes: [],
    range,
    open(exchange) {
      if (exchange.path.replace(/\/$/, "") !== "") return undefined;
      const links = [{ rel: "self", href: "" }];
      const version = {
        id: "v1.0",
        max_version: range.max,
        min_version: range.min,
        status: "CURRENT",
        links,
      };
      return json({ versions: [version] }, 200, {
        "openstack-api-version": "placement 1.0",
        vary: "openstack-api-version",
      });
    },
    authenticate: (exchange) => authenticate(site, exchange),
    refuse({ status, message }, exchange) {
      const title = status === 403 ? "Forbidden" : "Not Found";
      const error = { status, title, detail: message, request_id: exchange.request_id };
      return json({ errors: [error] }, status);
    },
    unknownPath: () => new Refusal(404, "The resource could not be found."),
    headers: (exchange) => ({ "x-openstack-request-id": exchange.request_id }),
  };
}
