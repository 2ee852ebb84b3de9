import { empty, json, type Reply } from "../http/reply.ts";
import { type Call, param, type Route, route } from "../http/route.ts";
import { put } from "../state.ts";
import { allocateIp } from "./allocate-ip.ts";
import { formatIp, parseCidr, parseIp } from "./ip.ts";
import { listResources } from "./list-resources.ts";
import { newMac } from "./mac.ts";
import { checkNetworkQuota } from "./quotas.ts";
import {
  bareResource,
  checkUuid,
  disallowed,
  findNetwork,
  mayUse,
  neutronError,
  newResource,
  owns,
  readResource,
  required,
  touch,
} from "./resource.ts";
import type { Subnet } from "./state.ts";
import { viewSubnet } from "./views.ts";

const KNOWN = [
  "network_id",
  "cidr",
  "ip_version",
  "gateway_ip",
  "enable_dhcp",
  "allocation_pools",
  "dns_nameservers",
  "host_routes",
];

export const SUBNET_ROUTES: Route[] = [
  route("GET", "/subnets", (call) => listResources(call, "subnets", visible(call).map(viewSubnet))),
  route("GET", "/subnets/{subnet_id}", (call) => json({ subnet: viewSubnet(find(call)) })),
  route("POST", "/subnets", createSubnet, { policy: "create_subnet" }),
  route("PUT", "/subnets/{subnet_id}", updateSubnet, { policy: "update_subnet" }),
  route("DELETE", "/subnets/{subnet_id}", deleteSubnet, { policy: "delete_subnet" }),
];

async function createSubnet(call: Call): Promise<Reply> {
  const { site, caller } = call;
  const given = await readResource(call, "subnet", KNOWN);
  const network = findNetwork(call, checkUuid("network_id", required(given, "network_id")));
  if (!owns(call, network)) throw disallowed("rule:create_subnet");
  const range = parseCidr(given.text("cidr") ?? "");
  if (range === undefined) {
    const reason = `'${given.text("cidr")}' is not a valid IP subnet`;
    throw neutronError(400, "HTTPBadRequest", `Invalid input for cidr. Reason: ${reason}.`);
  }
  checkNetworkQuota(site, caller.project_id, "subnet");
  const gateway_ip =
    given.raw("gateway_ip") === null ? null : (given.text("gateway_ip") ?? formatIp(range.first + 1));
  const pools = given
    .objects("allocation_pools")
    ?.map((pool) => ({ start: pool.needText("start"), end: pool.needText("end") }));
  const subnet = put(site.state.subnets, {
    ...newResource(call, given),
    revision_number: 0,
    network_id: network.id,
    cidr: range.text,
    gateway_ip,
    enable_dhcp: given.flag("enable_dhcp") ?? true,
    allocation_pools: pools ?? defaultPools(range.first, range.last, gateway_ip),
    dns_nameservers: given.texts("dns_nameservers") ?? [],
    host_routes: (given.objects("host_routes") ?? []).map((one) => ({
      destination: one.needText("destination"),
      nexthop: one.needText("nexthop"),
    })),
  });
  if (subnet.enable_dhcp) addDhcpPort(call, subnet);
  return json({ subnet: viewSubnet(subnet) }, 201);
}

/** The DHCP agent takes an address of its own, the first free one. */
function addDhcpPort(call: Call, subnet: Subnet): void {
  const { site } = call;
  put(site.state.ports, {
    ...bareResource(site, subnet.project_id, ""),
    network_id: subnet.network_id,
    mac_address: newMac(site),
    admin_state_up: true,
    status: "ACTIVE",
    device_id: `dhcp-${subnet.network_id}`,
    device_owner: "network:dhcp",
    fixed_ips: [{ subnet_id: subnet.id, ip_address: allocateIp(site, subnet) }],
    security_groups: [],
    allowed_address_pairs: [],
    port_security_enabled: false,
    vnic_type: "normal",
  });
}

async function updateSubnet(call: Call): Promise<Reply> {
  const subnet = find(call);
  if (!owns(call, subnet)) throw disallowed("rule:update_subnet");
  const given = await readResource(call, "subnet", KNOWN);
  touch(call.site, subnet, given);
  subnet.dns_nameservers = given.texts("dns_nameservers") ?? subnet.dns_nameservers;
  return json({ subnet: viewSubnet(subnet) });
}

function deleteSubnet(call: Call): Reply {
  const { state } = call.site;
  const subnet = find(call);
  if (!owns(call, subnet)) throw disallowed("rule:delete_subnet");
  const here = [...state.ports.values()].filter((port) =>
    port.fixed_ips.some((ip) => ip.subnet_id === subnet.id),
  );
  if (here.some((port) => port.device_owner !== "network:dhcp")) {
    throw neutronError(
      409,
      "SubnetInUse",
      `Unable to complete operation on subnet ${subnet.id}: One or more ports have an IP allocation from this subnet.`,
    );
  }
  for (const port of here) state.ports.delete(port.id);
  state.subnets.delete(subnet.id);
  return empty();
}

export function defaultPools(
  first: number,
  last: number,
  gateway_ip: string | null,
): Subnet["allocation_pools"] {
  const gateway = parseIp(gateway_ip ?? "");
  const start = first + 1;
  const end = last - 1;
  if (gateway === undefined || gateway < start || gateway > end)
    return [{ start: formatIp(start), end: formatIp(end) }];
  const pools = [
    [start, gateway - 1],
    [gateway + 1, end],
  ] as const;
  return pools
    .filter(([from, to]) => from <= to)
    .map(([from, to]) => ({ start: formatIp(from), end: formatIp(to) }));
}

function visible(call: Call): Subnet[] {
  return [...call.site.state.subnets.values()].filter((subnet) => {
    const network = call.site.state.networks.get(subnet.network_id);
    return network !== undefined && mayUse(call, network);
  });
}

function find(call: Call): Subnet {
  const id = param(call, "subnet_id");
  const subnet = visible(call).find((one) => one.id === id);
  if (subnet === undefined) throw neutronError(404, "SubnetNotFound", `Subnet ${id} could not be found.`);
  return subnet;
}
