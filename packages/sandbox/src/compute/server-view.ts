import { createHash } from "node:crypto";
import type { Microversion } from "../http/microversion.ts";
import type { Site } from "../site.ts";
import type { Server } from "./state.ts";

/** Of whom and in which version a server is shown. */
export interface ViewContext {
  site: Site;
  version: Microversion;
  /** `http://…/v2.1` */
  root: string;
  is_admin: boolean;
}

const REBOOT_TASKS: Record<string, string> = {
  rebooting: "REBOOT",
  reboot_pending: "REBOOT",
  reboot_started: "REBOOT",
  rebooting_hard: "HARD_REBOOT",
};
const STATUSES = {
  building: "BUILD",
  active: "ACTIVE",
  stopped: "SHUTOFF",
  error: "ERROR",
  deleted: "DELETED",
  paused: "PAUSED",
  suspended: "SUSPENDED",
} as const;

export function statusOf(server: Server): string {
  return (server.vm_state === "active" && REBOOT_TASKS[server.task_state ?? ""]) || STATUSES[server.vm_state];
}

export function viewServerBriefly(context: ViewContext, server: Server): Record<string, unknown> {
  return { id: server.id, name: server.name, links: serverLinks(context.root, server.id) };
}

export function serverLinks(root: string, id: string): unknown[] {
  return links(root, "servers", id);
}

export function viewServer(
  context: ViewContext,
  server: Server,
  showing_one: boolean,
): Record<string, unknown> {
  const { site, root } = context;
  const status = statusOf(server);
  const placed = server.host !== "" && server.vm_state !== "building";
  return {
    id: server.id,
    name: server.name,
    status,
    tenant_id: server.project_id,
    user_id: server.user_id,
    metadata: server.metadata,
    hostId: placed
      ? createHash("sha224")
          .update(server.project_id + server.host)
          .digest("hex")
      : "",
    image: server.image_id === null ? "" : viewImage(context, server, server.image_id),
    flavor: viewFlavor(context, server),
    created: server.created,
    updated: server.updated,
    addresses: viewAddresses(site, server),
    accessIPv4: "",
    accessIPv6: "",
    links: serverLinks(root, server.id),
    "OS-DCF:diskConfig": "MANUAL",
    ...(["BUILD", "ACTIVE", "REBOOT", "HARD_REBOOT"].includes(status) ? { progress: 0 } : {}),
    "OS-EXT-AZ:availability_zone": server.vm_state === "building" ? "" : server.availability_zone,
    config_drive: server.config_drive ? "True" : "",
    key_name: server.key_name,
    "OS-SRV-USG:launched_at": server.launched_at,
    "OS-SRV-USG:terminated_at": server.terminated_at,
    ...(portsOf(site, server).length > 0
      ? { security_groups: server.security_groups.map((name) => ({ name })) }
      : {}),
    "OS-EXT-STS:task_state": server.task_state,
    "OS-EXT-STS:vm_state": server.vm_state,
    "OS-EXT-STS:power_state": server.power_state,
    "os-extended-volumes:volumes_attached": server.attachments.map((attachment) => ({
      id: attachment.volume_id,
      ...(context.version.atLeast("2.3") ? { delete_on_termination: attachment.delete_on_termination } : {}),
    })),
    ...(server.fault !== null && ["ERROR", "DELETED"].includes(status)
      ? { fault: viewFault(context, server) }
      : {}),
    ...viewLater(context, server, showing_one),
  };
}

/** Fields that later microversions brought. */
function viewLater(context: ViewContext, server: Server, showing_one: boolean): Record<string, unknown> {
  const since = (version: string, fields: Record<string, unknown>) =>
    context.version.atLeast(version) ? fields : {};
  return {
    ...(context.is_admin
      ? {
          "OS-EXT-SRV-ATTR:host": server.host || null,
          "OS-EXT-SRV-ATTR:instance_name": `instance-${server.id.slice(0, 8)}`,
          "OS-EXT-SRV-ATTR:hypervisor_hostname": server.host || null,
          ...since("2.3", {
            "OS-EXT-SRV-ATTR:user_data": server.user_data,
            "OS-EXT-SRV-ATTR:root_device_name": "/dev/vda",
            "OS-EXT-SRV-ATTR:launch_index": 0,
          }),
          ...since("2.16", { host_status: "UP" }),
        }
      : {}),
    ...(context.is_admin || context.version.atLeast("2.90")
      ? since("2.3", { "OS-EXT-SRV-ATTR:hostname": hostnameOf(server) })
      : {}),
    ...since("2.9", { locked: server.locked }),
    ...since("2.19", { description: server.description }),
    ...since("2.26", { tags: server.tags }),
    ...since("2.63", { trusted_image_certificates: server.trusted_image_certificates ?? null }),
    ...(showing_one ? since("2.71", { server_groups: [] }) : {}),
    ...since("2.73", { locked_reason: server.locked_reason }),
    ...since("2.96", { pinned_availability_zone: null }),
    ...since("2.100", { scheduler_hints: {} }),
  };
}

function viewFlavor(context: ViewContext, server: Server): Record<string, unknown> {
  const { flavor } = server;
  if (!context.version.atLeast("2.47")) {
    const href = `${unversioned(context.root)}/flavors/${flavor.id}`;
    return { id: flavor.id, links: [{ rel: "bookmark", href }] };
  }
  return {
    vcpus: flavor.vcpus,
    ram: flavor.ram,
    disk: flavor.disk,
    ephemeral: 0,
    swap: 0,
    original_name: flavor.name,
    extra_specs: flavor.extra_specs,
  };
}

function viewImage(context: ViewContext, server: Server, id: string): Record<string, unknown> {
  const href = `${unversioned(context.root)}/images/${id}`;
  const properties = context.version.atLeast("2.98") ? { properties: server.image_properties } : {};
  return { id, links: [{ rel: "bookmark", href }], ...properties };
}

function viewFault(context: ViewContext, server: Server): unknown {
  const { details, ...fault } = server.fault ?? {};
  return context.is_admin && details !== undefined ? { ...fault, details } : fault;
}

function viewAddresses(site: Site, server: Server): Record<string, unknown[]> {
  const addresses: Record<string, unknown[]> = {};
  for (const port of portsOf(site, server)) {
    const name = site.state.networks.get(port.network_id)?.name ?? port.network_id;
    const floating = [...site.state.floating_ips.values()].filter((one) => one.port_id === port.id);
    const addrs = [
      ...port.fixed_ips.map((ip) => [ip.ip_address, "fixed"] as const),
      ...floating.map((one) => [one.floating_ip_address, "floating"] as const),
    ];
    addresses[name] = [
      ...(addresses[name] ?? []),
      ...addrs.map(([addr, type]) => ({
        version: 4,
        addr,
        "OS-EXT-IPS:type": type,
        "OS-EXT-IPS-MAC:mac_addr": port.mac_address,
      })),
    ];
  }
  return addresses;
}

/** In the order in which the guest got them. */
export function portsOf(site: Site, server: Server) {
  const order = server.nic_order ?? [];
  const placeOf = ({ id }: { id: string }) => (order.includes(id) ? order.indexOf(id) : order.length);
  return [...site.state.ports.values()]
    .filter((port) => port.device_id === server.id)
    .sort((a, b) => placeOf(a) - placeOf(b));
}

/** As it was given, or made of the name. */
function hostnameOf(server: Server): string {
  return server.hostname ?? server.name.toLowerCase().replace(/[^a-z0-9-]+/g, "-");
}

export function links(root: string, collection: string, id: string): unknown[] {
  return [
    { rel: "self", href: `${root}/${collection}/${id}` },
    { rel: "bookmark", href: `${unversioned(root)}/${collection}/${id}` },
  ];
}

function unversioned(root: string): string {
  return root.replace(/\/v2\.1$/, "");
}
