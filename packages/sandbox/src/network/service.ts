import { refuseUnauthenticated } from "../http/openstack-errors.ts";
import { json } from "../http/reply.ts";
import type { Service } from "../http/service.ts";
import { authenticate } from "../identity/tokens.ts";
import type { Site } from "../site.ts";
import { EXTENSION_ROUTES } from "./extension-routes.ts";
import { FLOATING_IP_ROUTES } from "./floating-ip-routes.ts";
import { NETWORK_ROUTES } from "./network-routes.ts";
import { PORT_ROUTES } from "./port-routes.ts";
import { QOS_ROUTES } from "./qos-routes.ts";
import { QUOTA_ROUTES } from "./quota-routes.ts";
import { neutronError } from "./resource.ts";
import { ROUTER_ROUTES } from "./router-routes.ts";
import { SECURITY_GROUP_ROUTES } from "./security-group-routes.ts";
import { SECURITY_GROUP_RULE_ROUTES } from "./security-group-rule-routes.ts";
import { SUBNET_ROUTES } from "./subnet-routes.ts";
import { TAG_ROUTES } from "./tag-routes.ts";

const ROOT_RESOURCES = ["network", "subnet", "subnetpool", "port"];

/** Neutron, version 2.0. */
export function networkService(site: Site): Service {
  return {
    name: "network",
    prefix: site.layout.network,
    versioned: "/v2.0",
    routes: [
      ...NETWORK_ROUTES,
      ...SUBNET_ROUTES,
      ...PORT_ROUTES,
      ...SECURITY_GROUP_ROUTES,
      ...SECURITY_GROUP_RULE_ROUTES,
      ...FLOATING_IP_ROUTES,
      ...ROUTER_ROUTES,
      ...QUOTA_ROUTES,
      ...EXTENSION_ROUTES,
      ...TAG_ROUTES,
      ...QOS_ROUTES,
    ],
    open(exchange, root) {
      const path = exchange.path.replace(/\/$/, "");
      if (path === "") {
        const links = [{ rel: "self", href: `${root}/` }];
        return json({ versions: [{ id: "v2.0", status: "CURRENT", links }] });
      }
      if (path !== "/v2.0" || exchange.header("x-auth-token") === undefined) return undefined;
      const resources = ROOT_RESOURCES.map((name) => ({
        name,
        collection: `${name}s`,
        links: [{ rel: "self", href: `${root}/${name}s` }],
      }));
      return json({ resources });
    },
    authenticate: (exchange) => authenticate(site, exchange),
    refuse(refusal) {
      if (refusal.status === 401) return refuseUnauthenticated();
      const type = refusal.type ?? (refusal.status === 400 ? "HTTPBadRequest" : "HTTPError");
      return json({ NeutronError: { type, message: refusal.message, detail: "" } }, refusal.status);
    },
    unknownPath: () => neutronError(404, "HTTPNotFound", "The resource could not be found."),
    headers: (exchange) => ({ "x-openstack-request-id": exchange.request_id }),
  };
}
