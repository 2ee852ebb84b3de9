import { endpoints } from "@uniview/api";
import type { App } from "../http/app.ts";
import { createRateLimit } from "../http/rate-limit.ts";
import { route } from "../http/route.ts";
import type { CapabilityService } from "./service.ts";

/** Each is some fifty calls at a site. */
const PROBES_PER_USER = { burst: 10, per_minute: 4 };

export function registerCapabilities(app: App, capabilities: CapabilityService): void {
  const probes = createRateLimit(PROBES_PER_USER);
  route(app, endpoints.getCapabilities, ({ user }) => capabilities.matrix(user));
  route(app, endpoints.getSiteCapabilities, ({ user, params }) => capabilities.ofSite(user, params.name));
  route(app, endpoints.probeSite, ({ user, params, body }) => {
    probes.take(user.user_id);
    return capabilities.probe(user, params.name, body.thorough);
  });
}
