import type { Fields } from "../http/json.ts";
import { empty, json, type Reply } from "../http/reply.ts";
import { type Call, param, type Route, route } from "../http/route.ts";
import { put } from "../state.ts";
import { allocateIp, takenIps } from "./allocate-ip.ts";
import { listResources } from "./list-resources.ts";
import { checkNetworkQuota } from "./quotas.ts";
import {
  disallowed,
  findNetwork,
  findOwn,
  neutronError,
  newResource,
  owns,
  readResource,
  required,
  touch,
} from "./resource.ts";
import type { FloatingIp } from "./state.ts";
import { viewFloatingIp } from "./views.ts";

const KNOWN = ["floating_network_id", "floating_ip_address", "port_id", "fixed_ip_address", "subnet_id"];

export const FLOATING_IP_ROUTES: Route[] = [
  route("GET", "/floatingips", (call) => {
    const visible = [...call.site.state.floating_ips.values()].filter((one) => owns(call, one));
    return listResources(
      call,
      "floatingips",
      visible.map((one) => viewFloatingIp(call.site, one)),
    );
  }),
  route("GET", "/floatingips/{floating_id}", (call) =>
    json({ floatingip: viewFloatingIp(call.site, find(call)) }),
  ),
  route("POST", "/floatingips", createFloatingIp, { policy: "create_floatingip" }),
  route("PUT", "/floatingips/{floating_id}", updateFloatingIp, { policy: "update_floatingip" }),
  route("DELETE", "/floatingips/{floating_id}", (call) => {
    call.site.state.floating_ips.delete(find(call).id);
    return empty();
  }),
];

async function createFloatingIp(call: Call): Promise<Reply> {
  const { site, caller } = call;
  const given = await readResource(call, "floatingip", KNOWN);
  const network = findNetwork(call, required(given, "floating_network_id"));
  if (!network.external) {
    throw neutronError(
      400,
      "BadRequest",
      `Bad floatingip request: Network ${network.id} is not a valid external network.`,
    );
  }
  checkNetworkQuota(site, caller.project_id, "floatingip");
  const wanted = given.text("floating_ip_address");
  if (wanted !== undefined && !caller.is_admin) {
    throw disallowed("(rule:create_floatingip and rule:create_floatingip:floating_ip_address)");
  }
  const subnet = [...site.state.subnets.values()].find((one) => one.network_id === network.id);
  if (subnet === undefined) {
    throw neutronError(
      409,
      "IpAddressGenerationFailure",
      `No more IP addresses available on network ${network.id}.`,
    );
  }
  if (wanted !== undefined && takenIps(site, subnet).has(wanted)) {
    throw neutronError(
      409,
      "IpAddressInUse",
      `Unable to complete operation for network ${network.id}. The IP address ${wanted} is in use.`,
    );
  }
  const floating = {
    ...newResource(call, given),
    revision_number: 0,
    floating_network_id: network.id,
    floating_ip_address: wanted ?? allocateIp(site, subnet),
    port_id: null,
    fixed_ip_address: null,
    router_id: null,
  };
  associate(call, floating, given);
  return json({ floatingip: viewFloatingIp(site, put(site.state.floating_ips, floating)) }, 201);
}

async function updateFloatingIp(call: Call): Promise<Reply> {
  const floating = find(call);
  const given = await readResource(call, "floatingip", KNOWN);
  associate(call, floating, given);
  touch(call.site, floating, given);
  return json({ floatingip: viewFloatingIp(call.site, floating) });
}

/** The port's network has to reach the external one through a router. */
function associate(call: Call, floating: FloatingIp, given: Fields): void {
  if (!given.has("port_id")) return;
  const { state } = call.site;
  const port_id = given.text("port_id");
  if (port_id === undefined) {
    Object.assign(floating, { port_id: null, fixed_ip_address: null, router_id: null });
    return;
  }
  const port = findOwn(call, state.ports, "Port", port_id);
  const fixed = port.fixed_ips.find(
    (ip) => ip.ip_address === (given.text("fixed_ip_address") ?? ip.ip_address),
  );
  if (fixed === undefined) {
    throw neutronError(
      400,
      "BadRequest",
      `Bad floatingip request: Port ${port_id} does not have a fixed ip.`,
    );
  }
  const legs = [...state.ports.values()].filter(
    (leg) => leg.device_owner === "network:router_interface" && leg.network_id === port.network_id,
  );
  const leg = legs.find(
    (one) => state.routers.get(one.device_id)?.gateway?.network_id === floating.floating_network_id,
  );
  if (leg === undefined) {
    throw neutronError(
      404,
      "ExternalGatewayForFloatingIPNotFound",
      `External network ${floating.floating_network_id} is not reachable from subnet ${fixed.subnet_id}.  Therefore, cannot associate Port ${port_id} with a Floating IP.`,
    );
  }
  const other = [...state.floating_ips.values()].find(
    (one) => one.port_id === port_id && one.id !== floating.id,
  );
  if (other !== undefined) {
    throw neutronError(
      409,
      "FloatingIPPortAlreadyAssociated",
      `Cannot associate floating IP ${floating.floating_ip_address} (${floating.id}) with port ${port_id} using fixed IP ${fixed.ip_address}, as that fixed IP already has a floating IP on external network ${floating.floating_network_id}.`,
    );
  }
  Object.assign(floating, { port_id, fixed_ip_address: fixed.ip_address, router_id: leg.device_id });
}

function find(call: Call): FloatingIp {
  return findOwn(call, call.site.state.floating_ips, "FloatingIP", param(call, "floating_id"), "Floating IP");
}
