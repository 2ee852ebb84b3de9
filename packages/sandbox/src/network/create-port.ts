import { isDenied } from "../faults/policy.ts";
import type { Fields } from "../http/json.ts";
import type { Call } from "../http/route.ts";
import type { Site } from "../site.ts";
import { put } from "../state.ts";
import { allocateIp, takenIps } from "./allocate-ip.ts";
import { defaultGroup } from "./default-group.ts";
import { contains } from "./ip.ts";
import { isMac, newMac } from "./mac.ts";
import { findQosPolicy } from "./qos-routes.ts";
import { checkNetworkQuota } from "./quotas.ts";
import { checkUuid, disallowed, findNetwork, neutronError, newResource, owns, required } from "./resource.ts";
import type { FixedIp, Network, Port, Subnet } from "./state.ts";

export const PORT_ATTRIBUTES = [
  "network_id",
  "mac_address",
  "fixed_ips",
  "security_groups",
  "admin_state_up",
  "device_id",
  "device_owner",
  "allowed_address_pairs",
  "port_security_enabled",
  "binding:vnic_type",
  "binding:host_id",
  "binding:profile",
  "extra_dhcp_opts",
  "qos_policy_id",
];

/**
 * Makes a port as a member may: MAC and addresses are the network owner's to choose, anybody may choose among the subnets.
 * @throws Refusal 403 PolicyNotAuthorized, 409 MacAddressInUse or IpAddressAlreadyAllocated
 */
export function createPort(call: Call, given: Fields): Port {
  const { site, caller } = call;
  const network = findNetwork(call, checkUuid("network_id", required(given, "network_id")));
  // Neutron counts before it asks its policy.
  checkNetworkQuota(site, caller.project_id, "port");
  checkCreatePolicy(call, network, given);
  const groups = given.texts("security_groups");
  checkGroups(call, groups);
  const mac = given.text("mac_address")?.toLowerCase();
  if (mac !== undefined) checkMac(call, network, mac);
  const port_security = given.flag("port_security_enabled") ?? network.port_security_enabled;
  const qos_policy_id = given.text("qos_policy_id");
  const qos_policy = qos_policy_id === undefined ? undefined : findQosPolicy(call, qos_policy_id);
  const resource = newResource(call, given);
  const security_groups = groups ?? (port_security ? [defaultGroup(site, resource.project_id).id] : []);
  return put(site.state.ports, {
    ...resource,
    network_id: network.id,
    mac_address: mac ?? newMac(site),
    admin_state_up: given.flag("admin_state_up") ?? true,
    status: "DOWN",
    device_id: given.text("device_id") ?? "",
    device_owner: given.text("device_owner") ?? "",
    fixed_ips: chooseIps(call, network, given.objects("fixed_ips")),
    security_groups,
    allowed_address_pairs: readPairs(given),
    port_security_enabled: port_security,
    vnic_type: given.text("binding:vnic_type") ?? "normal",
    qos_policy_id: qos_policy?.id ?? null,
  });
}

function checkCreatePolicy(call: Call, network: Network, given: Fields): void {
  if (given.has("binding:host_id") && !call.caller.is_admin) {
    throw disallowed("(rule:create_port and rule:create_port:binding:host_id)");
  }
  const asked: string[] = [];
  if (given.has("mac_address")) asked.push("create_port:mac_address");
  if (given.flag("port_security_enabled") === false) asked.push("create_port:port_security_enabled");
  if ((given.objects("allowed_address_pairs") ?? []).length > 0) {
    asked.push("create_port:allowed_address_pairs");
  }
  if (given.objects("fixed_ips")?.some((ip) => ip.has("ip_address"))) {
    asked.push("create_port:fixed_ips:ip_address");
  }
  const refused = asked.find((policy) => !owns(call, network) || isDenied(call.site, policy));
  if (refused !== undefined && !call.caller.is_admin) throw disallowed(wordingOf(refused));
}

/** Neutron names the rule with all that it hangs on. */
function wordingOf(policy: string): string {
  const inner = `rule:${policy}`;
  if (policy !== "create_port:fixed_ips:ip_address") return `(rule:create_port and ${inner})`;
  return `(rule:create_port and (rule:create_port:fixed_ips and (${inner})))`;
}

export function checkGroups(call: Call, groups: string[] | undefined): void {
  for (const id of groups ?? []) {
    checkUuid("security_groups", id);
    const group = call.site.state.security_groups.get(id);
    if (group === undefined || !owns(call, group)) {
      throw neutronError(404, "SecurityGroupNotFound", `Security group ${id} does not exist`);
    }
  }
}

function checkMac(call: Call, network: Network, mac: string): void {
  if (!isMac(mac)) {
    throw neutronError(
      400,
      "HTTPBadRequest",
      `Invalid input for mac_address. Reason: '${mac}' is not a valid MAC address.`,
    );
  }
  const ports = [...call.site.state.ports.values()];
  if (ports.some((port) => port.network_id === network.id && port.mac_address === mac)) {
    throw neutronError(
      409,
      "MacAddressInUse",
      `Unable to complete operation for network ${network.id}. The mac address ${mac} is in use.`,
    );
  }
}

/** Without a wish: one address of the network's first subnet. */
export function chooseIps(
  call: Call,
  network: Network,
  wishes: Fields[] | undefined,
  keeps: FixedIp[] = [],
): FixedIp[] {
  const { site } = call;
  const subnets = [...site.state.subnets.values()].filter((subnet) => subnet.network_id === network.id);
  if (wishes === undefined) {
    const [first] = subnets;
    return first === undefined ? [] : [{ subnet_id: first.id, ip_address: allocateIp(site, first) }];
  }
  return wishes.map((wish) => {
    const address = wish.text("ip_address");
    const subnet = findSubnet(site, subnets, network, wish.text("subnet_id"), address);
    if (address === undefined) return { subnet_id: subnet.id, ip_address: allocateIp(site, subnet) };
    const kept = keeps.some((ip) => ip.ip_address === address && ip.subnet_id === subnet.id);
    if (!kept && takenIps(site, subnet).has(address)) {
      throw neutronError(
        409,
        "IpAddressAlreadyAllocated",
        `IP address ${address} already allocated in subnet ${subnet.id}`,
      );
    }
    return { subnet_id: subnet.id, ip_address: address };
  });
}

function findSubnet(
  site: Site,
  subnets: Subnet[],
  network: Network,
  id: string | undefined,
  address: string | undefined,
): Subnet {
  const fits = (subnet: Subnet) => address === undefined || contains(subnet.cidr, address);
  const named = subnets.find((subnet) => subnet.id === id);
  if (id !== undefined && named === undefined && !site.state.subnets.has(id)) {
    throw neutronError(404, "SubnetNotFound", `Subnet ${id} could not be found.`);
  }
  if (id !== undefined && named === undefined) {
    throw neutronError(
      400,
      "InvalidInput",
      `Invalid input for operation: Failed to create port on network ${network.id}, because fixed_ips included invalid subnet ${id}.`,
    );
  }
  const found = named ?? subnets.find(fits);
  if (found === undefined || !fits(found)) {
    throw neutronError(
      400,
      id === undefined ? "InvalidIpForNetwork" : "InvalidIpForSubnet",
      id === undefined
        ? `IP address ${address} is not a valid IP for any of the subnets on the specified network.`
        : `IP address ${address} is not a valid IP for the specified subnet.`,
    );
  }
  return found;
}

export function readPairs(given: Fields): Port["allowed_address_pairs"] {
  return (given.objects("allowed_address_pairs") ?? []).map((pair) => {
    const mac_address = pair.text("mac_address");
    return { ip_address: pair.needText("ip_address"), ...(mac_address === undefined ? {} : { mac_address }) };
  });
}
