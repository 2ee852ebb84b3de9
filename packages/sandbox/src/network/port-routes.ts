import { empty, json, type Reply } from "../http/reply.ts";
import { type Call, param, type Route, route } from "../http/route.ts";
import type { Site } from "../site.ts";
import { checkGroups, chooseIps, createPort, PORT_ATTRIBUTES, readPairs } from "./create-port.ts";
import { listResources } from "./list-resources.ts";
import { disallowed, findNetwork, findOwn, neutronError, owns, readResource, touch } from "./resource.ts";
import type { Port } from "./state.ts";
import { viewPort } from "./views.ts";

export const PORT_ROUTES: Route[] = [
  route("GET", "/ports", (call) => {
    const visible = [...call.site.state.ports.values()].filter((port) => mayRead(call, port));
    return listResources(
      call,
      "ports",
      visible.map((port) => viewPort(port, call.caller.is_admin)),
    );
  }),
  route("GET", "/ports/{port_id}", (call) => json({ port: viewPort(find(call), call.caller.is_admin) })),
  route("POST", "/ports", createOne, { policy: "create_port" }),
  route("PUT", "/ports/{port_id}", updatePort, { policy: "update_port" }),
  route("DELETE", "/ports/{port_id}", deletePort, { policy: "delete_port" }),
  route("PUT", "/ports/{port_id}/tags", async (call) => {
    const port = find(call);
    port.tags = (await call.body()).texts("tags") ?? [];
    return json({ tags: port.tags });
  }),
];

async function createOne(call: Call): Promise<Reply> {
  const given = await readResource(call, "port", PORT_ATTRIBUTES);
  return json({ port: viewPort(createPort(call, given), call.caller.is_admin) }, 201);
}

async function updatePort(call: Call): Promise<Reply> {
  const port = find(call);
  const network = findNetwork(call, port.network_id);
  const given = await readResource(call, "port", PORT_ATTRIBUTES);
  if (given.has("binding:host_id") && !call.caller.is_admin) {
    throw disallowed("(rule:update_port and rule:update_port:binding:host_id)");
  }
  if (given.has("mac_address") && !call.caller.is_admin) {
    throw disallowed("(rule:update_port and rule:update_port:mac_address)");
  }
  const wishes = given.objects("fixed_ips");
  if (wishes?.some((ip) => ip.has("ip_address")) && !owns(call, network)) {
    throw disallowed(
      "(rule:update_port and (rule:update_port:fixed_ips and (rule:update_port:fixed_ips:ip_address)))",
    );
  }
  const groups = given.texts("security_groups");
  checkGroups(call, groups);
  if (wishes !== undefined) port.fixed_ips = chooseIps(call, network, wishes, port.fixed_ips);
  port.security_groups = groups ?? port.security_groups;
  port.device_id = given.text("device_id") ?? port.device_id;
  port.device_owner = given.text("device_owner") ?? port.device_owner;
  port.mac_address = given.text("mac_address")?.toLowerCase() ?? port.mac_address;
  port.admin_state_up = given.flag("admin_state_up") ?? port.admin_state_up;
  port.port_security_enabled = given.flag("port_security_enabled") ?? port.port_security_enabled;
  if (given.has("allowed_address_pairs")) port.allowed_address_pairs = readPairs(given);
  touch(call.site, port, given);
  return json({ port: viewPort(port, call.caller.is_admin) });
}

function deletePort(call: Call): Reply {
  const port = find(call);
  if (port.device_owner.startsWith("network:")) {
    throw neutronError(
      409,
      "ServicePortInUse",
      `Port ${port.id} cannot be deleted directly via the port API: has device owner ${port.device_owner}.`,
    );
  }
  removePort(call.site, port);
  return empty();
}

/** A port takes the associations of its floating IPs with it, and is gone from its server. */
export function removePort(site: Site, port: Port): void {
  for (const floating of site.state.floating_ips.values()) {
    if (floating.port_id !== port.id) continue;
    Object.assign(floating, { port_id: null, fixed_ip_address: null, router_id: null });
  }
  site.state.ports.delete(port.id);
}

/** The owner of a network sees every port on it. */
function mayRead(call: Call, port: Port): boolean {
  const network = call.site.state.networks.get(port.network_id);
  return owns(call, port) || (network !== undefined && owns(call, network));
}

function find(call: Call): Port {
  const id = param(call, "port_id");
  const port = call.site.state.ports.get(id);
  if (port !== undefined && mayRead(call, port)) return port;
  return findOwn(call, call.site.state.ports, "Port", id);
}
