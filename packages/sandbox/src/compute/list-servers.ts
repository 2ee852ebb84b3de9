import { Refusal } from "../http/refusal.ts";
import { json, type Reply } from "../http/reply.ts";
import type { Call, KnownQuery } from "../http/route.ts";
import { portsOf, statusOf, viewServer, viewServerBriefly } from "./server-view.ts";
import type { Server } from "./state.ts";

const MAX_LIMIT = 1000;

/** What Nova's schema of the list names; up to 2.74 it lets everything else pass and looks away. */
export const LIST_QUERY: KnownQuery = {
  strict_since: "2.75",
  names:
    `access_ip_v4 access_ip_v6 all_tenants auto_disk_config availability_zone changes-before changes-since
    config_drive created_at deleted description display_name flavor host hostname image instance_name ip ip6 key_name
    kernel_id launch_index launched_at limit locked locked_by marker name node not-tags not-tags-any power_state
    progress project_id ramdisk_id reservation_id root_device_name soft_deleted sort_dir sort_key status tags tags-any
    task_state tenant_id terminated_at user_id uuid vm_state`.split(/\s+/),
};

export function listServers(call: Call, in_detail: boolean): Reply {
  const { query } = call;
  const all = query.has("all_tenants") && !["0", "false"].includes(query.get("all_tenants") ?? "");
  if (all && !call.caller.is_admin) {
    throw new Refusal(
      403,
      "Policy doesn't allow os_compute_api:servers:index:get_all_tenants to be performed.",
    );
  }
  const wanted = [...call.site.state.servers.values()].filter(
    (server) => (all || server.project_id === call.caller.project_id) && matches(call, server),
  );
  wanted.sort(order(query));
  const start = afterMarker(wanted, query.get("marker"));
  const limit = readLimit(query.get("limit"));
  const page = wanted.slice(start, start + limit);
  const context = { site: call.site, version: call.version, root: call.root, is_admin: call.caller.is_admin };
  const servers = page.map((server) =>
    in_detail ? viewServer(context, server, false) : viewServerBriefly(context, server),
  );
  const last = page.at(-1);
  // Like Nova, a full page has a next one even when nothing is on it.
  const more =
    last !== undefined && page.length === limit && (query.has("limit") || start + limit < wanted.length);
  return json({
    servers,
    ...(more ? { servers_links: [{ rel: "next", href: next(call, last.id, in_detail) }] } : {}),
  });
}

function matches(call: Call, server: Server): boolean {
  const { query } = call;
  const since = readInstant(query, "changes-since");
  const before = readInstant(query, "changes-before");
  const deleted = query.get("deleted") === "true" || query.get("deleted") === "1";
  if (server.vm_state === "deleted" && since === undefined && before === undefined && !deleted) return false;
  if (since !== undefined && Date.parse(server.updated) < since) return false;
  if (before !== undefined && Date.parse(server.updated) > before) return false;
  const statuses = query.getAll("status").map((status) => status.toUpperCase());
  if (statuses.length > 0 && !statuses.includes(statusOf(server))) return false;
  if (!matchesText(query.get("name"), server.name)) return false;
  if (query.has("flavor") && query.get("flavor") !== server.flavor.id) return false;
  if (query.has("image") && query.get("image") !== (server.image_id ?? "")) return false;
  if (query.has("uuid") && query.get("uuid") !== server.id) return false;
  const project_id = query.get("project_id") ?? query.get("tenant_id");
  if (project_id !== null && call.caller.is_admin && project_id !== server.project_id) return false;
  const tags = query.get("tags")?.split(",") ?? [];
  if (!tags.every((tag) => server.tags.includes(tag))) return false;
  const any = query.get("tags-any")?.split(",");
  if (any !== undefined && !any.some((tag) => server.tags.includes(tag))) return false;
  const ip = query.get("ip");
  if (ip === null) return true;
  const addresses = portsOf(call.site, server).flatMap((port) => port.fixed_ips.map((one) => one.ip_address));
  return addresses.some((address) => matchesText(ip, address));
}

/** Nova hands the text to the database as a regular expression. */
function matchesText(pattern: string | null, text: string): boolean {
  if (pattern === null) return true;
  try {
    return new RegExp(pattern).test(text);
  } catch {
    throw new Refusal(
      400,
      `Invalid input for query parameters name. Value: ${pattern}. '${pattern}' is not a 'regex'`,
    );
  }
}

function readInstant(query: URLSearchParams, key: string): number | undefined {
  const text = query.get(key);
  if (text === null) return undefined;
  const naive = /[zZ]|[+-]\d\d:?\d\d$/.test(text) ? text : `${text}Z`;
  const instant = Date.parse(naive);
  if (Number.isNaN(instant)) {
    throw new Refusal(
      400,
      `Invalid input for query parameters ${key}. Value: ${text}. '${text}' is not a 'date-time'`,
    );
  }
  return instant;
}

function order(query: URLSearchParams): (a: Server, b: Server) => number {
  const key = query.get("sort_key") ?? "created_at";
  const sign = query.get("sort_dir") === "asc" ? 1 : -1;
  const value = (server: Server): string => {
    if (key === "display_name") return server.name;
    if (key === "updated_at") return server.updated;
    if (key === "uuid") return server.id;
    return server.created;
  };
  return (a, b) => sign * (value(a).localeCompare(value(b)) || a.id.localeCompare(b.id));
}

function afterMarker(servers: Server[], marker: string | null): number {
  if (marker === null) return 0;
  const index = servers.findIndex((server) => server.id === marker);
  if (index === -1) throw new Refusal(400, `marker [${marker}] not found`);
  return index + 1;
}

function readLimit(text: string | null): number {
  if (text === null) return MAX_LIMIT;
  if (!/^\d+$/.test(text)) {
    throw new Refusal(
      400,
      `Invalid input for query parameters limit. Value: ${text}. '${text}' does not match '^[0-9]*$'`,
    );
  }
  return Math.min(Number(text) || MAX_LIMIT, MAX_LIMIT);
}

function next(call: Call, marker: string, in_detail: boolean): string {
  const query = new URLSearchParams(call.query);
  query.set("marker", marker);
  return `${call.root}/servers${in_detail ? "/detail" : ""}?${query}`;
}
