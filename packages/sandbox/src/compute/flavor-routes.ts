import { Refusal } from "../http/refusal.ts";
import { json, type Reply } from "../http/reply.ts";
import { type Call, type KnownQuery, param, type Route, route } from "../http/route.ts";
import { links } from "./server-view.ts";
import type { Flavor } from "./state.ts";

const LIST_QUERY: KnownQuery = {
  strict_since: "2.75",
  names: ["limit", "marker", "is_public", "minRam", "minDisk", "sort_key", "sort_dir"],
};

export const FLAVOR_ROUTES: Route[] = [
  route("GET", "/flavors", (call) => listFlavors(call, false), { query: LIST_QUERY }),
  route("GET", "/flavors/detail", (call) => listFlavors(call, true), { query: LIST_QUERY }),
  route("GET", "/flavors/{flavor_id}", (call) => json({ flavor: view(call, find(call)) })),
  route("GET", "/flavors/{flavor_id}/os-extra_specs", (call) =>
    json({ extra_specs: find(call).extra_specs }),
  ),
];

function listFlavors(call: Call, in_detail: boolean): Reply {
  const { query } = call;
  const wanted = [...call.site.state.flavors.values()]
    .filter((flavor) => flavor.is_public || call.caller.is_admin)
    .filter(
      (flavor) =>
        flavor.ram >= Number(query.get("minRam") ?? 0) && flavor.disk >= Number(query.get("minDisk") ?? 0),
    )
    .sort((a, b) => a.id.localeCompare(b.id));
  const marker = query.get("marker");
  const start = marker === null ? 0 : wanted.findIndex((flavor) => flavor.id === marker) + 1;
  if (marker !== null && start === 0) throw new Refusal(400, `marker [${marker}] not found`);
  const limit = Number(query.get("limit") ?? 1000);
  const page = wanted.slice(start, start + limit);
  const last = page.at(-1);
  const href = `${call.root}/flavors${in_detail ? "/detail" : ""}?limit=${limit}&marker=${last?.id}`;
  return json({
    flavors: page.map((flavor) =>
      in_detail
        ? view(call, flavor)
        : { id: flavor.id, name: flavor.name, links: links(call.root, "flavors", flavor.id) },
    ),
    ...(query.has("limit") && page.length === limit ? { flavors_links: [{ rel: "next", href }] } : {}),
  });
}

function find(call: Call): Flavor {
  const id = param(call, "flavor_id");
  const flavor = call.site.state.flavors.get(id);
  if (flavor === undefined) throw new Refusal(404, `Flavor ${id} could not be found.`);
  return flavor;
}

function view(call: Call, flavor: Flavor): Record<string, unknown> {
  const { version } = call;
  return {
    id: flavor.id,
    name: flavor.name,
    ram: flavor.ram,
    disk: flavor.disk,
    swap: version.atLeast("2.75") ? 0 : "",
    "OS-FLV-EXT-DATA:ephemeral": 0,
    "OS-FLV-DISABLED:disabled": false,
    vcpus: flavor.vcpus,
    "os-flavor-access:is_public": flavor.is_public,
    ...(version.atLeast("2.102") ? {} : { rxtx_factor: 1.0 }),
    links: links(call.root, "flavors", flavor.id),
    ...(version.atLeast("2.55") ? { description: flavor.description } : {}),
    ...(version.atLeast("2.61") ? { extra_specs: flavor.extra_specs } : {}),
  };
}
