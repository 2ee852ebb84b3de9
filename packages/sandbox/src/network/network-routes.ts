import { empty, json, type Reply } from "../http/reply.ts";
import { type Call, param, type Route, route } from "../http/route.ts";
import { put } from "../state.ts";
import { listResources } from "./list-resources.ts";
import { checkNetworkQuota } from "./quotas.ts";
import {
  disallowed,
  findNetwork,
  mayUse,
  neutronError,
  newResource,
  owns,
  readResource,
  touch,
} from "./resource.ts";
import type { Network } from "./state.ts";
import { viewNetwork } from "./views.ts";

const KNOWN = [
  "admin_state_up",
  "shared",
  "router:external",
  "mtu",
  "port_security_enabled",
  "availability_zone_hints",
];
const DEFAULT_MTU = 1450;

export const NETWORK_ROUTES: Route[] = [
  route("GET", "/networks", (call) => {
    const visible = [...call.site.state.networks.values()].filter((network) => mayUse(call, network));
    return listResources(
      call,
      "networks",
      visible.map((network) => view(call, network)),
    );
  }),
  route("GET", "/networks/{network_id}", (call) =>
    json({ network: view(call, findNetwork(call, param(call, "network_id"))) }),
  ),
  route("POST", "/networks", createNetwork, { policy: "create_network" }),
  route("PUT", "/networks/{network_id}", updateNetwork, { policy: "update_network" }),
  route("DELETE", "/networks/{network_id}", deleteNetwork, { policy: "delete_network" }),
];

async function createNetwork(call: Call): Promise<Reply> {
  const given = await readResource(call, "network", KNOWN);
  for (const attribute of ["shared", "router:external"]) {
    if (given.flag(attribute) && !call.caller.is_admin) {
      throw disallowed(`(rule:create_network and rule:create_network:${attribute})`);
    }
  }
  checkNetworkQuota(call.site, call.caller.project_id, "network");
  const network = put(call.site.state.networks, {
    ...newResource(call, given),
    admin_state_up: given.flag("admin_state_up") ?? true,
    mtu: given.integer("mtu") ?? DEFAULT_MTU,
    shared: given.flag("shared") ?? false,
    external: given.flag("router:external") ?? false,
    port_security_enabled: given.flag("port_security_enabled") ?? true,
  });
  return json({ network: view(call, network) }, 201);
}

async function updateNetwork(call: Call): Promise<Reply> {
  const network = findNetwork(call, param(call, "network_id"));
  if (!owns(call, network)) throw disallowed("rule:update_network");
  const given = await readResource(call, "network", KNOWN);
  touch(call.site, network, given);
  network.admin_state_up = given.flag("admin_state_up") ?? network.admin_state_up;
  return json({ network: view(call, network) });
}

function deleteNetwork(call: Call): Reply {
  const { state } = call.site;
  const network = findNetwork(call, param(call, "network_id"));
  if (!owns(call, network)) throw disallowed("rule:delete_network");
  const here = [...state.ports.values()].filter((port) => port.network_id === network.id);
  const in_use = here.filter((port) => port.device_owner !== "network:dhcp");
  if (in_use.length > 0) {
    throw neutronError(
      409,
      "NetworkInUse",
      `Unable to complete operation on network ${network.id}. There are one or more ports still in use on the network, id for these ports is: ${in_use.map((port) => port.id).join(",")}.`,
    );
  }
  for (const port of here) state.ports.delete(port.id);
  for (const subnet of state.subnets.values())
    if (subnet.network_id === network.id) state.subnets.delete(subnet.id);
  state.networks.delete(network.id);
  return empty();
}

function view(call: Call, network: Network): Record<string, unknown> {
  return viewNetwork(call.site, network, call.caller.is_admin);
}
