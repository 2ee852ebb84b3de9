import { isStatus, type ServiceClient, unlessMissing } from "@uniview/openstack";
import { createFloatingIp, deleteFloatingIp } from "@uniview/openstack/network/floating-ips";
import { createPort, deletePort, type NewPort, type Port } from "@uniview/openstack/network/ports";
import type { MigrationOrders, PortOrder } from "../orders.ts";
import { findFloatingIps, findPorts } from "./marked.ts";
import { adding, known, type MigrationStep, markOf } from "./step.ts";

/** One port of the copy. While the job runs its description is the mark. */
export function createTargetPort({ target }: MigrationOrders, port: PortOrder): MigrationStep {
  return {
    name: `port-${port.index}`,
    side: "target",
    title: `Make port ${port.mac_address ?? port.index} at ${target.site}`,
    async do(hands, state, context) {
      const neutron = await hands.at("target", "network");
      const mark = markOf(context);
      const groups = port.source_security_group_ids.flatMap((id) => state.security_group_ids?.[id] ?? []);
      const [found] = await findPorts(neutron, mark);
      const made = found ? { port: found, lost: "" } : await createAsLike(neutron, port, groups, mark);
      if (made.lost) context.log(made.lost);
      return {
        ...state,
        port_ids: adding(state.port_ids, port.index, made.port.id),
        ...(made.lost ? { degraded: [...(state.degraded ?? []), made.lost] } : {}),
      };
    },
    async undo(hands, context) {
      const neutron = await hands.at("target", "network");
      for (const { id } of await findPorts(neutron, markOf(context)))
        await unlessMissing(deletePort(neutron, id));
    },
  };
}

/** With MAC and address where they were ordered; where the site's own policy forbids that after all, without, and it is said. */
async function createAsLike(
  neutron: ServiceClient,
  port: PortOrder,
  security_groups: readonly string[],
  mark: string,
): Promise<{ port: Port; lost: string }> {
  const plain: NewPort = {
    network_id: port.target_network_id,
    name: port.name,
    description: mark,
    ...(port.port_security_enabled === false ? { port_security_enabled: false } : { security_groups }),
  };
  const alike: NewPort = {
    ...plain,
    ...(port.mac_address === null ? {} : { mac_address: port.mac_address }),
    ...(port.fixed_ips.length === 0 ? {} : { fixed_ips: port.fixed_ips }),
    ...(port.allowed_address_pairs.length === 0
      ? {}
      : {
          allowed_address_pairs: port.allowed_address_pairs.map(({ ip_address, mac_address }) => ({
            ip_address,
            ...(mac_address ? { mac_address } : {}),
          })),
        }),
  };
  try {
    return { port: await createPort(neutron, alike), lost: "" };
  } catch (error) {
    if (!isStatus(error, 403) || Object.keys(alike).length === Object.keys(plain).length) throw error;
    return {
      port: await createPort(neutron, plain),
      lost: "The target's policy forbids to choose MAC and fixed IP: the site chose both.",
    };
  }
}

/** A floating IP of the target for a port that had one. While the job runs its description is the mark. */
export function assignTargetFloatingIp(
  { target }: MigrationOrders,
  port: PortOrder,
  floating_network_id: string,
): MigrationStep {
  return {
    name: `floating-ip-${port.index}`,
    side: "target",
    title: `Take a floating IP at ${target.site}`,
    async do(hands, state, context) {
      const neutron = await hands.at("target", "network");
      const mark = markOf(context);
      const [found] = await findFloatingIps(neutron, mark);
      const port_id = known(state.port_ids?.[port.index], "port");
      const made =
        found ?? (await createFloatingIp(neutron, { floating_network_id, port_id, description: mark }));
      context.log(`The copy's floating IP is ${made.floating_ip_address}.`);
      return state;
    },
    async undo(hands, context) {
      const neutron = await hands.at("target", "network");
      const made = await findFloatingIps(neutron, markOf(context));
      for (const { id } of made) await unlessMissing(deleteFloatingIp(neutron, id));
    },
  };
}
