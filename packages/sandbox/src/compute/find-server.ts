import { Refusal } from "../http/refusal.ts";
import { type Call, param } from "../http/route.ts";
import type { Server } from "./state.ts";

/** @throws Refusal 404, also for another project's server */
export function findServer(call: Call): Server {
  const id = param(call, "server_id");
  const server = call.site.state.servers.get(id);
  const visible =
    server !== undefined && (call.caller.is_admin || server.project_id === call.caller.project_id);
  if (!visible || server.vm_state === "deleted") throw new Refusal(404, `Instance ${id} could not be found.`);
  return server;
}

/** A locked server is changed by administrators only. @throws Refusal 409 */
export function refuseLocked(call: Call, server: Server): void {
  if (server.locked && !call.caller.is_admin) throw new Refusal(409, `Instance ${server.id} is locked`);
}

/** @throws Refusal 409 in Nova's words */
export function refuseStates(
  server: Server,
  action: string,
  allowed: Server["vm_state"][],
  busy_allowed = false,
): void {
  const complain = (what: string) =>
    new Refusal(409, `Cannot '${action}' instance ${server.id} while it is in ${what}`);
  if (!allowed.includes(server.vm_state)) throw complain(`vm_state ${server.vm_state}`);
  if (server.task_state !== null && !busy_allowed) throw complain(`task_state ${server.task_state}`);
}
