import { Refusal } from "../http/refusal.ts";
import { json, type Reply } from "../http/reply.ts";
import type { Call } from "../http/route.ts";

const PAGING = new Set(["limit", "marker", "sort_key", "sort_dir", "fields", "page_reverse"]);

type View = Record<string, unknown> & { id?: unknown };

/** Any attribute filters, `fields` picks, `limit` and `marker` page: the same for every Neutron list. */
export function listResources(call: Call, key: string, views: View[]): Reply {
  const { query } = call;
  const wanted = views.filter((view) =>
    [...new Set(query.keys())].every((name) => matches(view, name, query.getAll(name))),
  );
  const sorted = sort(wanted, query);
  const marker = query.get("marker");
  const start = marker === null ? 0 : sorted.findIndex((view) => view.id === marker) + 1;
  if (marker !== null && start === 0) {
    throw new Refusal(400, `Invalid input for operation: The marker ${marker} was not found.`, {
      type: "InvalidInput",
    });
  }
  const limit = query.get("limit") === null ? sorted.length : Number(query.get("limit"));
  if (!Number.isInteger(limit) || limit < 0) {
    throw new Refusal(
      400,
      `Bad ${key} request: Limit must be an integer 0 or greater and not '${query.get("limit")}'.`,
      {
        type: "BadRequest",
      },
    );
  }
  const page = limit === 0 ? sorted : sorted.slice(start, start + limit);
  const last = page.at(-1);
  const more = query.get("limit") !== null && last !== undefined && start + limit < sorted.length;
  return json({
    [key]: page.map((view) => pick(view, query.getAll("fields"))),
    ...(more ? { [`${key}_links`]: [{ rel: "next", href: nextLink(call, String(last.id)) }] } : {}),
  });
}

function matches(view: View, name: string, values: string[]): boolean {
  if (PAGING.has(name)) return true;
  if (name === "tags")
    return values
      .join(",")
      .split(",")
      .every((tag) => (view["tags"] as string[]).includes(tag));
  if (name === "fixed_ips") return values.every((value) => matchesFixedIp(view, value));
  const actual = name === "tenant_id" ? view["project_id"] : view[name];
  if (actual === undefined) return true;
  const texts = values.map((value) => value.toLowerCase());
  return texts.includes(String(actual ?? "").toLowerCase());
}

/** `fixed_ips=ip_address=10.0.0.5` */
function matchesFixedIp(view: View, filter: string): boolean {
  const [field = "", value = ""] = filter.split("=");
  return (view["fixed_ips"] as Array<Record<string, string>>).some((ip) => ip[field] === value);
}

function sort(views: View[], query: URLSearchParams): View[] {
  const keys = query.getAll("sort_key");
  const directions = query.getAll("sort_dir");
  if (keys.length !== directions.length) {
    throw new Refusal(400, "The number of sort_keys and sort_dirs must be same", { type: "HTTPBadRequest" });
  }
  // Neutron pages by id when nothing else was asked for.
  const order = keys.length === 0 ? ["id"] : keys;
  return views.sort((a, b) => {
    for (const [index, key] of order.entries()) {
      const compared = String(a[key] ?? "").localeCompare(String(b[key] ?? ""));
      if (compared !== 0) return directions[index] === "desc" ? -compared : compared;
    }
    return 0;
  });
}

function pick(view: View, fields: string[]): View {
  if (fields.length === 0) return view;
  return Object.fromEntries(fields.filter((field) => field in view).map((field) => [field, view[field]]));
}

function nextLink(call: Call, marker: string): string {
  const query = new URLSearchParams(call.query);
  query.set("marker", marker);
  return `${call.root}${call.exchange.path.replace(/^\/v2\.0/, "")}?${query}`;
}
