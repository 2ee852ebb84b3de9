import { Fields } from "../http/json.ts";
import { Refusal } from "../http/refusal.ts";
import { empty, json, type Reply } from "../http/reply.ts";
import { bodyObject, type Call, param, type Route, route } from "../http/route.ts";
import { createPort } from "../network/create-port.ts";
import { removePort } from "../network/port-routes.ts";
import type { Port } from "../network/state.ts";
import { noteNic } from "./build-server.ts";
import { findServer, refuseLocked, refuseStates } from "./find-server.ts";
import { portsOf } from "./server-view.ts";
import type { Server } from "./state.ts";

const PATH = "/servers/{server_id}/os-interface";

export const INTERFACE_ROUTES: Route[] = [
  route("GET", PATH, (call) => json({ interfaceAttachments: viewAll(call, findServer(call)) })),
  route("GET", `${PATH}/{port_id}`, (call) =>
    json({ interfaceAttachment: view(call, findServer(call), find(call, findServer(call))) }),
  ),
  route("POST", PATH, attach, { policy: "os_compute_api:os-attach-interfaces:create" }),
  route("DELETE", `${PATH}/{port_id}`, detach, { policy: "os_compute_api:os-attach-interfaces:delete" }),
];

async function attach(call: Call): Promise<Reply> {
  const server = findServer(call);
  const given = await bodyObject(call, "interfaceAttachment");
  refuseLocked(call, server);
  refuseStates(server, "attach_interface", ["active", "stopped", "paused"]);
  const port_id = given.text("port_id");
  const tag = given.text("tag");
  if (tag !== undefined && !call.version.atLeast("2.49")) {
    throw new Refusal(
      400,
      "Invalid input for field/attribute interfaceAttachment. Additional properties are not allowed ('tag' was unexpected)",
    );
  }
  const port = port_id === undefined ? createFor(call, given) : findFree(call, server, port_id);
  noteNic(server, port.id, tag);
  Object.assign(port, {
    device_id: server.id,
    device_owner: "compute:nova",
    status: server.vm_state === "active" ? "ACTIVE" : "DOWN",
  });
  return json({ interfaceAttachment: view(call, server, port) });
}

function createFor(call: Call, given: Fields): Port {
  const fixed_ips = given.raw("fixed_ips");
  const network_id = given.text("net_id");
  const own = [...call.site.state.networks.values()].filter(
    (one) => one.project_id === call.caller.project_id,
  );
  if (network_id === undefined && own.length !== 1) {
    throw new Refusal(400, "Multiple possible networks found, use a Network ID to be more specific.");
  }
  const wish = { network_id: network_id ?? own[0]?.id, ...(fixed_ips === undefined ? {} : { fixed_ips }) };
  return createPort(call, new Fields(wish));
}

function findFree(call: Call, server: Server, id: string): Port {
  const port = call.site.state.ports.get(id);
  if (port === undefined || port.project_id !== server.project_id) {
    throw new Refusal(404, `Port id ${id} could not be found.`);
  }
  if (port.device_id !== "") throw new Refusal(400, `Port ${id} is still in use.`);
  server.given_ports.push(id);
  return port;
}

function detach(call: Call): Reply {
  const { site } = call;
  const server = findServer(call);
  refuseLocked(call, server);
  const port = find(call, server);
  site.background(async () => {
    await site.transition();
    if (server.given_ports.includes(port.id)) {
      Object.assign(port, { device_id: "", device_owner: "", status: "DOWN" });
      server.given_ports = server.given_ports.filter((id) => id !== port.id);
    } else removePort(site, port);
  });
  return empty(202, { "Content-Type": "application/json" });
}

function find(call: Call, server: Server): Port {
  const id = param(call, "port_id");
  const port = portsOf(call.site, server).find((one) => one.id === id);
  if (port === undefined) throw new Refusal(404, `Instance ${server.id} does not have a port with id ${id}`);
  return port;
}

function viewAll(call: Call, server: Server): Record<string, unknown>[] {
  // Neutron lists them by id, and Nova takes them as they come.
  const ports = portsOf(call.site, server).sort((a, b) => a.id.localeCompare(b.id));
  return ports.map((port) => view(call, server, port));
}

function view(call: Call, server: Server, port: Port): Record<string, unknown> {
  return {
    net_id: port.network_id,
    port_id: port.id,
    mac_addr: port.mac_address,
    port_state: port.status,
    fixed_ips: port.fixed_ips,
    ...(call.version.atLeast("2.70") ? { tag: server.nic_tags?.[port.id] ?? null } : {}),
  };
}
