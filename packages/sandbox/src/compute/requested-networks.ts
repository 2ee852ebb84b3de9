import type { Fields } from "../http/json.ts";
import { Refusal } from "../http/refusal.ts";
import type { Call } from "../http/route.ts";
import { mayUse, owns } from "../network/resource.ts";
import type { Network, Port } from "../network/state.ts";
import { takesTag } from "./device-tags.ts";

/** One NIC that a new server shall have. */
export type NicWish = { tag?: string | undefined } & (
  | { port: Port }
  | { network: Network; fixed_ip: string | undefined; group_ids: string[] }
);

/** Reads `networks` with its checks. @throws Refusal 400, 403, 409 in Nova's words */
export function readNetworks(call: Call, given: Fields, group_names: string[]): NicWish[] {
  const group_ids = findGroups(call, group_names);
  const raw = given.raw("networks");
  if (call.version.atLeast("2.37") && raw === "none") return [];
  if (raw === undefined || raw === null || (call.version.atLeast("2.37") && raw === "auto")) {
    return pickNetwork(call, group_ids);
  }
  return (given.objects("networks") ?? []).map((wish) => {
    if (wish.has("tag") && !takesTag(call.version, "2.36")) {
      throw new Refusal(
        400,
        "Invalid input for field/attribute 0. Additional properties are not allowed ('tag' was unexpected)",
      );
    }
    const port_id = wish.text("port");
    if (port_id !== undefined) {
      const port = findFreePort(call, port_id);
      checkBandwidth(call, port);
      return { port, tag: wish.text("tag") };
    }
    const id = wish.needText("uuid");
    const network = call.site.state.networks.get(id);
    if (network === undefined || !mayUse(call, network))
      throw new Refusal(400, `Network ${id} could not be found.`);
    return { ...nic(call, network, wish.text("fixed_ip"), group_ids), tag: wish.text("tag") };
  });
}

function nic(call: Call, network: Network, fixed_ip: string | undefined, group_ids: string[]): NicWish {
  if (network.external && !network.shared && !call.caller.is_admin) {
    throw new Refusal(403, `It is not allowed to create an interface on external network ${network.id}`);
  }
  const has_subnet = [...call.site.state.subnets.values()].some((subnet) => subnet.network_id === network.id);
  if (!has_subnet)
    throw new Refusal(400, `Network ${network.id} requires a subnet in order to boot instances on.`);
  return { network, fixed_ip, group_ids };
}

/** Without a wish Nova takes the only network there is. */
function pickNetwork(call: Call, group_ids: string[]): NicWish[] {
  const own = [...call.site.state.networks.values()].filter(
    (network) => network.project_id === call.caller.project_id || (network.shared && !network.external),
  );
  if (own.length > 1) {
    throw new Refusal(409, "Multiple possible networks found, use a Network ID to be more specific.");
  }
  return own.map((network) => nic(call, network, undefined, group_ids));
}

function findFreePort(call: Call, id: string): Port {
  const port = call.site.state.ports.get(id);
  if (port === undefined || !owns(call, port)) throw new Refusal(400, `Port id ${id} could not be found.`);
  if (port.device_id !== "") throw new Refusal(409, `Port ${id} is still in use.`);
  if (port.fixed_ips.length === 0)
    throw new Refusal(400, `Port ${id} requires a FixedIP in order to be used.`);
  return port;
}

function checkBandwidth({ site, version }: Call, port: Port): void {
  const policy = site.state.qos_policies.get(port.qos_policy_id ?? "");
  if (policy === undefined || policy.rules.length === 0 || version.atLeast("2.72")) return;
  throw new Refusal(
    400,
    "Creating server with ports having resource request, like a port with a QoS minimum bandwidth policy, is not supported with this microversion",
  );
}

function findGroups(call: Call, names: string[]): string[] {
  const own = [...call.site.state.security_groups.values()].filter(
    (group) => group.project_id === call.caller.project_id,
  );
  return names.map((name) => {
    const found = own.filter((group) => group.id === name || group.name === name);
    const [group] = found;
    if (group === undefined && name !== "default")
      throw new Refusal(400, `Security group ${name} not found.`);
    if (found.length > 1) {
      throw new Refusal(
        409,
        `Multiple security groups found matching '${name}'. Use an ID to be more specific.`,
      );
    }
    return group?.id ?? "";
  });
}
