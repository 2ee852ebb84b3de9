import { endpoints } from "@uniview/api";
import type { App } from "../http/app.ts";
import { route } from "../http/route.ts";
import type { InventoryService } from "./service.ts";

export function registerInventory(app: App, inventory: InventoryService): void {
  route(app, endpoints.listServers, ({ user, query }) => inventory.list(user, "servers", query));
  route(app, endpoints.listVolumes, ({ user, query }) => inventory.list(user, "volumes", query));
  route(app, endpoints.listImages, ({ user, query }) => inventory.list(user, "images", query));
  route(app, endpoints.listFlavors, ({ user, query }) => inventory.list(user, "flavors", query));
  route(app, endpoints.listNetworks, ({ user, query }) => inventory.list(user, "networks", query));
  route(app, endpoints.listPorts, ({ user, query }) => inventory.list(user, "ports", query));
  route(app, endpoints.listSecurityGroups, ({ user, query }) =>
    inventory.list(user, "security-groups", query),
  );
  route(app, endpoints.listKeypairs, ({ user, query }) => inventory.list(user, "keypairs", query));

  route(app, endpoints.getServer, ({ user, params }) => inventory.getServer(user, params.site, params.id));
  route(app, endpoints.actOnServer, ({ user, params, body }) =>
    inventory.actOnServer(user, params.site, params.id, body),
  );
  route(app, endpoints.getResource, ({ user, params }) =>
    inventory.getResource(user, params.kind, params.site, params.id),
  );
}
