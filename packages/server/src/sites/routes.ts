import { endpoints, Problem } from "@uniview/api";
import type { EventHub } from "../events/hub.ts";
import type { App } from "../http/app.ts";
import { createRateLimit } from "../http/rate-limit.ts";
import { route } from "../http/route.ts";
import type { GrantStore } from "./grant-store.ts";
import type { SiteService } from "./service.ts";

/** Each asks a foreign address in our name and may try a password there. */
const LOOKS_PER_USER = { burst: 30, per_minute: 15 };

interface Deps {
  readonly service: SiteService;
  readonly grants: GrantStore;
  readonly events: EventHub;
}

export function registerSites(app: App, { service, grants, events }: Deps): void {
  const looks = createRateLimit(LOOKS_PER_USER);

  route(app, endpoints.listSites, async ({ user }) => ({ items: await service.listSites(user) }));
  route(app, endpoints.checkCloud, ({ user, body }) => {
    looks.take(user.user_id);
    return service.checkCloud(body.cloud);
  });
  route(app, endpoints.addSite, ({ user, body }) => {
    looks.take(user.user_id);
    return service.addSite(user, body.name, body.cloud);
  });
  route(app, endpoints.getSite, ({ user, params }) => service.getSite(user, params.name));
  route(app, endpoints.checkSite, ({ user, params }) => {
    looks.take(user.user_id);
    return service.checkSite(user, params.name);
  });
  route(app, endpoints.removeSite, ({ user, params, query }) =>
    service.removeSite(user, params.name, query.force),
  );

  route(app, endpoints.listGrants, async ({ params }) => ({ items: await grants.list(params.name) }));
  route(app, endpoints.createGrant, async ({ params, body }) => {
    const grant = await grants.create(params.name, body.user_name, body.project_id);
    await events.grantsChanged();
    return grant;
  });
  route(app, endpoints.deleteGrant, async ({ params }) => {
    if (!(await grants.remove(params.name, params.id))) {
      throw new Problem("not-found", `The site "${params.name}" has no such grant.`);
    }
    await events.grantsChanged();
    return undefined;
  });
}
