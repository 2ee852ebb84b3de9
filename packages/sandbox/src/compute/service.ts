import { refuseByKind, refuseUnauthenticated } from "../http/openstack-errors.ts";
import { Refusal } from "../http/refusal.ts";
import type { Service } from "../http/service.ts";
import { authenticate } from "../identity/tokens.ts";
import type { Site } from "../site.ts";
import { ATTACHMENT_ROUTES } from "./attachment-routes.ts";
import { CONSOLE_ROUTES } from "./console-routes.ts";
import { EXTENSION_ROUTES } from "./extension-routes.ts";
import { FLAVOR_ROUTES } from "./flavor-routes.ts";
import { INTERFACE_ROUTES } from "./interface-routes.ts";
import { KEYPAIR_ROUTES } from "./keypair-routes.ts";
import { LIMIT_ROUTES } from "./limit-routes.ts";
import { METADATA_ROUTES } from "./metadata-routes.ts";
import { SERVER_ROUTES } from "./server-routes.ts";
import { TAG_ROUTES } from "./tag-routes.ts";
import { listVersions, showVersion } from "./versions.ts";

/** Nova, version 2.1 with microversions. */
export function computeService(site: Site): Service {
  return {
    name: "compute",
    prefix: site.layout.compute,
    versioned: "/v2.1",
    range: { service: "compute", min: "2.1", max: site.release.compute_max },
    strict_query_since: "2.102",
    project_in_path: "optional",
    routes: [
      ...SERVER_ROUTES,
      ...METADATA_ROUTES,
      ...TAG_ROUTES,
      ...CONSOLE_ROUTES,
      ...ATTACHMENT_ROUTES,
      ...INTERFACE_ROUTES,
      ...FLAVOR_ROUTES,
      ...KEYPAIR_ROUTES,
      ...LIMIT_ROUTES,
      ...EXTENSION_ROUTES,
    ],
    open(exchange, root) {
      const path = exchange.path.replace(/\/$/, "");
      if (path === "") return listVersions(site, root);
      if (path === "/v2.1") return showVersion(site, root);
      return undefined;
    },
    authenticate: (exchange) => authenticate(site, exchange),
    refuse(refusal) {
      if (refusal.type === "unknown-path") {
        return {
          status: 404,
          headers: { "Content-Type": "text/plain; charset=UTF-8" },
          text: "404 Not Found\n\nThe resource could not be found.\n\n   ",
        };
      }
      if (refusal.status === 401) return refuseUnauthenticated();
      return refuseByKind(refusal);
    },
    unknownPath: () => new Refusal(404, "The resource could not be found.", { type: "unknown-path" }),
    headers: (exchange) => ({
      "x-openstack-request-id": exchange.request_id,
      "x-compute-request-id": exchange.request_id,
    }),
  };
}
