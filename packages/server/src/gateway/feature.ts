import type { Core, Feature } from "../feature.ts";
import { registerApplicationCredentials } from "./identity/application-credential-routes.ts";
import { registerIdentityApi } from "./identity/identity-scope.ts";
import { createGatewayParts } from "./identity/parts.ts";
import { purgeEmptyProjects } from "./projects/attach.ts";
import { createProjectStore } from "./projects/project-store.ts";
import { registerProjects } from "./projects/routes.ts";
import { createProxy } from "./proxy/create-proxy.ts";

const PURGE_EVERY_MS = 10 * 60_000;

/** One credential for every OpenStack client: Keystone's API, a catalog of all sites, and the way to their services. */
export async function createGateway(core: Core): Promise<Feature> {
  const parts = await createGatewayParts(core);
  const projects = createProjectStore(core.database.kysely, parts.verifier.revoked);
  const proxy = createProxy(core, parts);
  let purging: NodeJS.Timeout | undefined;
  return {
    name: "gateway",
    register(app) {
      registerIdentityApi(app, parts);
      registerProjects(app, projects);
      registerApplicationCredentials(app, parts);
      proxy.register(app);
    },
    async start() {
      purging = setInterval(() => {
        Promise.all([parts.tokens.purge(), purgeEmptyProjects(core.database.kysely)]).catch(
          (error: unknown) => core.log.warn({ err: error }, "what has ended was not purged"),
        );
      }, PURGE_EVERY_MS).unref();
    },
    async close() {
      clearInterval(purging);
      parts.verifier.close();
      await proxy.close();
    },
  };
}
