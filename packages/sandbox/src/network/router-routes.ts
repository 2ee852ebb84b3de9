import type { Fields } from "../http/json.ts";
import { empty, json, type Reply } from "../http/reply.ts";
import { type Call, param, type Route, route } from "../http/route.ts";
import { put } from "../state.ts";
import { allocateIp } from "./allocate-ip.ts";
import { listResources } from "./list-resources.ts";
import { newMac } from "./mac.ts";
import { checkNetworkQuota } from "./quotas.ts";
import {
  bareResource,
  findNetwork,
  findOwn,
  neutronError,
  newResource,
  owns,
  readResource,
  touch,
} from "./resource.ts";
import type { Port, Router, Subnet } from "./state.ts";
import { viewRouter } from "./views.ts";

const KNOWN = [
  "admin_state_up",
  "external_gateway_info",
  "routes",
  "ha",
  "distributed",
  "availability_zone_hints",
];
const INTERFACE = "network:router_interface";

export const ROUTER_ROUTES: Route[] = [
  route("GET", "/routers", (call) => {
    const visible = [...call.site.state.routers.values()].filter((router) => owns(call, router));
    return listResources(call, "routers", visible.map(viewRouter));
  }),
  route("GET", "/routers/{router_id}", (call) => json({ router: viewRouter(find(call)) })),
  route("POST", "/routers", createRouter, { policy: "create_router" }),
  route("PUT", "/routers/{router_id}", updateRouter, { policy: "update_router" }),
  route("DELETE", "/routers/{router_id}", deleteRouter, { policy: "delete_router" }),
  route("PUT", "/routers/{router_id}/add_router_interface", addInterface),
  route("PUT", "/routers/{router_id}/remove_router_interface", removeInterface),
];

async function createRouter(call: Call): Promise<Reply> {
  const given = await readResource(call, "router", KNOWN);
  checkNetworkQuota(call.site, call.caller.project_id, "router");
  const router = put(call.site.state.routers, {
    ...newResource(call, given),
    admin_state_up: given.flag("admin_state_up") ?? true,
    gateway: null,
    routes: [],
  });
  setGateway(call, router, given);
  return json({ router: viewRouter(router) }, 201);
}

async function updateRouter(call: Call): Promise<Reply> {
  const router = find(call);
  const given = await readResource(call, "router", KNOWN);
  setGateway(call, router, given);
  touch(call.site, router, given);
  return json({ router: viewRouter(router) });
}

function setGateway(call: Call, router: Router, given: Fields): void {
  if (!given.has("external_gateway_info")) return;
  const info = given.object("external_gateway_info");
  if (info === undefined || info.text("network_id") === undefined) {
    router.gateway = null;
    return;
  }
  const network = findNetwork(call, info.needText("network_id"));
  if (!network.external) {
    throw neutronError(
      400,
      "BadRequest",
      `Bad router request: Network ${network.id} is not an external network.`,
    );
  }
  const subnet = [...call.site.state.subnets.values()].find((one) => one.network_id === network.id);
  const fixed_ips = subnet ? [{ subnet_id: subnet.id, ip_address: allocateIp(call.site, subnet) }] : [];
  router.gateway = { network_id: network.id, fixed_ips, enable_snat: info.flag("enable_snat") ?? true };
}

function deleteRouter(call: Call): Reply {
  const router = find(call);
  const legs = legsOf(call, router);
  if (legs.length > 0) {
    const ids = legs.map((leg) => leg.id).join(", ");
    throw neutronError(409, "RouterInUse", `Router ${router.id} has ports still attached: ${ids}`);
  }
  call.site.state.routers.delete(router.id);
  return empty();
}

async function addInterface(call: Call): Promise<Reply> {
  const { site } = call;
  const router = find(call);
  const subnet = await readSubnet(call);
  if (legsOf(call, router).some((leg) => leg.fixed_ips.some((ip) => ip.subnet_id === subnet.id))) {
    throw neutronError(
      400,
      "BadRequest",
      `Bad router request: Router already has a port on subnet ${subnet.id}.`,
    );
  }
  const port = put(site.state.ports, routerLeg(call, router, subnet));
  return json(viewInterface(router, port, subnet));
}

function routerLeg(call: Call, router: Router, subnet: Subnet): Port {
  return {
    ...bareResource(call.site, router.project_id, ""),
    network_id: subnet.network_id,
    mac_address: newMac(call.site),
    admin_state_up: true,
    status: "ACTIVE",
    device_id: router.id,
    device_owner: INTERFACE,
    fixed_ips: [{ subnet_id: subnet.id, ip_address: subnet.gateway_ip ?? allocateIp(call.site, subnet) }],
    security_groups: [],
    allowed_address_pairs: [],
    port_security_enabled: false,
    vnic_type: "normal",
  };
}

async function removeInterface(call: Call): Promise<Reply> {
  const { state } = call.site;
  const router = find(call);
  const subnet = await readSubnet(call);
  const port = legsOf(call, router).find((leg) => leg.fixed_ips.some((ip) => ip.subnet_id === subnet.id));
  if (port === undefined) {
    throw neutronError(
      404,
      "RouterInterfaceNotFoundForSubnet",
      `Router ${router.id} has no interface on subnet ${subnet.id}`,
    );
  }
  const needed = [...state.floating_ips.values()].some(
    (one) =>
      one.router_id === router.id && state.ports.get(one.port_id ?? "")?.network_id === subnet.network_id,
  );
  if (needed) {
    throw neutronError(
      409,
      "RouterInterfaceInUseByFloatingIP",
      `Router interface for subnet ${subnet.id} on router ${router.id} cannot be deleted, as it is required by one or more floating IPs.`,
    );
  }
  state.ports.delete(port.id);
  return json(viewInterface(router, port, subnet));
}

async function readSubnet(call: Call): Promise<Subnet> {
  const id = (await call.body()).text("subnet_id") ?? "";
  return findOwn(call, call.site.state.subnets, "Subnet", id);
}

function legsOf(call: Call, router: Router): Port[] {
  return [...call.site.state.ports.values()].filter(
    (port) => port.device_id === router.id && port.device_owner === INTERFACE,
  );
}

function viewInterface(router: Router, port: Port, subnet: Subnet): unknown {
  return {
    id: router.id,
    tenant_id: router.project_id,
    port_id: port.id,
    network_id: port.network_id,
    subnet_id: subnet.id,
    subnet_ids: [subnet.id],
  };
}

function find(call: Call): Router {
  return findOwn(call, call.site.state.routers, "Router", param(call, "router_id"));
}
