import type { IncomingMessage, ServerResponse } from "node:http";
import { expireTokens, setQuota } from "./faults/site-faults.ts";
import { listDisks, listGuests } from "./guests/guest-routes.ts";
import { answer, type Services } from "./http/dispatch.ts";
import { Listener } from "./http/listener.ts";
import type { Sandbox, SandboxOptions } from "./options.ts";
import { cloudsYaml } from "./seeds/clouds-yaml.ts";
import { seedSite } from "./seeds/seed.ts";
import { servicesOf } from "./services.ts";
import { Site } from "./site.ts";
import { loadState, StateFile } from "./state-file.ts";

/**
 * Starts one simulated OpenStack site behind one port of this process.
 * @throws Error when the port is taken or `dir` holds a state that cannot be read
 */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const site = new Site(options);
  await site.disks.open();
  const services: Services = servicesOf(site);
  const host = options.host ?? "127.0.0.1";
  const listener = new Listener(
    (request: IncomingMessage, response: ServerResponse) => {
      void answer(site, services, listener, request, response);
    },
    host,
    options.port ?? 0,
    options.tls,
  );
  const remembered = options.keep_state === true && (await loadState(site));
  if (!remembered) await seedSite(site, options.seed ?? "demo");
  await listener.up();
  site.url = `${options.tls ? "https" : "http"}://${host}:${listener.port}`;
  const state_file = options.keep_state === true ? new StateFile(site) : undefined;
  const auth_url = `${site.url}${site.layout.identity}/v3`;

  return {
    name: site.name,
    release: options.release,
    url: site.url,
    auth_url,
    port: listener.port,
    dir: options.dir,
    clouds_yaml: cloudsYaml(site, auth_url),
    faults: {
      set: (fault) => site.faults.set(fault),
      clear: (id) => site.faults.clear(id),
      list: () => site.faults.list(),
      expireTokens: () => expireTokens(site),
      setQuota: (service, project, quota) => setQuota(site, service, project, quota),
      down: () => listener.down(),
      up: () => listener.up(),
    },
    disks: () => listDisks(site),
    guests: () => listGuests(site),
    async close() {
      await listener.down();
      await site.settle();
      await state_file?.close();
    },
  };
}
