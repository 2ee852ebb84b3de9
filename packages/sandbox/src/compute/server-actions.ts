import { enforcePolicy } from "../faults/policy.ts";
import { Fields } from "../http/json.ts";
import { Refusal } from "../http/refusal.ts";
import { empty, json, type Reply } from "../http/reply.ts";
import type { Call } from "../http/route.ts";
import { createServerImage } from "./create-server-image.ts";
import { findServer, refuseLocked, refuseStates } from "./find-server.ts";
import { asksPolicyFirst } from "./policy-order.ts";
import { rebuild } from "./rebuild-server.ts";
import { portsOf } from "./server-view.ts";
import type { Server } from "./state.ts";

type Action = (call: Call, server: Server, given: Fields) => Reply | Promise<Reply>;

/** By the key of the body, with the rule that the default policy asks; `early`: older Novas asked before they looked. */
const ACTIONS: Record<string, { policy: string; early?: true; act: Action }> = {
  "os-start": { policy: "os_compute_api:servers:start", act: start },
  "os-stop": { policy: "os_compute_api:servers:stop", act: stop },
  reboot: { policy: "os_compute_api:servers:reboot", early: true, act: reboot },
  createImage: { policy: "os_compute_api:servers:create_image", early: true, act: createServerImage },
  lock: { policy: "os_compute_api:os-lock-server:lock", act: lock },
  unlock: { policy: "os_compute_api:os-lock-server:unlock", early: true, act: unlock },
  rebuild: { policy: "os_compute_api:servers:rebuild", act: rebuild },
  "os-getConsoleOutput": { policy: "os_compute_api:os-console-output", early: true, act: showConsole },
};

/** Nova answers 202 without a body, but with the type of one. */
const ACCEPTED = empty(202, { "Content-Type": "application/json" });

export async function actOnServer(call: Call): Promise<Reply> {
  const body = await call.body();
  const [name = ""] = body.keys();
  const action = ACTIONS[name];
  if (action === undefined) throw new Refusal(400, `There is no such action: ${name}`);
  const enforce = () => enforcePolicy(call.site, "compute", call.caller, { policy: action.policy });
  if (action.early && asksPolicyFirst(call.site)) enforce();
  const server = findServer(call);
  enforce();
  return await action.act(call, server, body.object(name) ?? new Fields({}));
}

function start(call: Call, server: Server): Reply {
  refuseLocked(call, server);
  refuseStates(server, "start", ["stopped"]);
  change(call, server, "powering-on", async () => {
    Object.assign(server, { vm_state: "active", power_state: 1 });
    for (const port of portsOf(call.site, server)) port.status = "ACTIVE";
    call.site.guests.boot(server);
  });
  return ACCEPTED;
}

function stop(call: Call, server: Server): Reply {
  refuseLocked(call, server);
  refuseStates(server, "stop", ["active", "error"]);
  change(call, server, "powering-off", async () => {
    await call.site.guests.stop(server.id);
    Object.assign(server, { vm_state: "stopped", power_state: 4 });
    for (const port of portsOf(call.site, server)) port.status = "DOWN";
  });
  return ACCEPTED;
}

function reboot(call: Call, server: Server, given: Fields): Reply {
  refuseLocked(call, server);
  const hard = given.needText("type").toUpperCase() === "HARD";
  refuseStates(server, "reboot", hard ? ["active", "stopped", "error"] : ["active"]);
  change(call, server, hard ? "rebooting_hard" : "rebooting", async () => {
    await call.site.guests.stop(server.id);
    Object.assign(server, { vm_state: "active", power_state: 1 });
    call.site.guests.boot(server);
  });
  return ACCEPTED;
}

/** A second lock by the owner changes nothing, not even the reason. */
function lock(call: Call, server: Server, given: Fields): Reply {
  if (server.locked && !call.caller.is_admin) return ACCEPTED;
  server.locked = true;
  server.locked_by_admin = call.caller.is_admin && server.project_id !== call.caller.project_id;
  server.locked_reason = call.version.atLeast("2.73") ? (given.text("locked_reason") ?? null) : null;
  server.updated = call.site.now();
  return ACCEPTED;
}

function unlock(call: Call, server: Server): Reply {
  if (server.locked_by_admin && !call.caller.is_admin) {
    throw new Refusal(
      403,
      "Policy doesn't allow os_compute_api:os-lock-server:unlock:unlock_override to be performed.",
    );
  }
  Object.assign(server, {
    locked: false,
    locked_by_admin: false,
    locked_reason: null,
    updated: call.site.now(),
  });
  return ACCEPTED;
}

async function showConsole(call: Call, server: Server, given: Fields): Promise<Reply> {
  const { status, counter, boots, uuid } = await call.site.guests.status(server);
  const lines = [
    `sandbox-guest: boot ${boots} of ${uuid} as ${server.id}`,
    `sandbox-guest: ${status}, counter=${counter}`,
  ];
  const length = given.integer("length") ?? lines.length;
  return json({ output: `${lines.slice(-length).join("\n")}\n` });
}

/** Shows the task for a moment, then does it. A delete that comes in between wins. */
function change(call: Call, server: Server, task: string, work: () => Promise<void>): void {
  const { site } = call;
  server.task_state = task;
  server.updated = site.now();
  site.background(async () => {
    await site.transition();
    if (server.task_state !== task) return;
    await work();
    if (server.task_state === task) server.task_state = null;
    server.updated = site.now();
  });
}
