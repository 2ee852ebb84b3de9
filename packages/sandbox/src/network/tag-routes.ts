import { empty, json } from "../http/reply.ts";
import { type Call, param, type Route, route } from "../http/route.ts";
import { findOwn, neutronError } from "./resource.ts";

const KINDS = {
  networks: "Network",
  subnets: "Subnet",
  ports: "Port",
  "security-groups": "SecurityGroup",
  floatingips: "FloatingIP",
  routers: "Router",
} as const;
type Collection = keyof typeof KINDS;

/** Extension `standard-attr-tag`. */
export const TAG_ROUTES: Route[] = (Object.keys(KINDS) as Collection[]).flatMap((collection) => [
  route("PUT", `/${collection}/{id}/tags/{tag}`, (call) => {
    const row = tagged(call, collection);
    if (!row.tags.includes(param(call, "tag"))) row.tags.push(param(call, "tag"));
    return json(null, 201);
  }),
  route("DELETE", `/${collection}/{id}/tags/{tag}`, (call) => {
    const row = tagged(call, collection);
    const tag = param(call, "tag");
    if (!row.tags.includes(tag)) throw neutronError(404, "TagNotFound", `Tag ${tag} could not be found.`);
    row.tags = row.tags.filter((other) => other !== tag);
    return empty(204);
  }),
]);

function tagged(call: Call, collection: Collection): { project_id: string; tags: string[] } {
  const { networks, subnets, ports, security_groups, floating_ips, routers } = call.site.state;
  const tables: Record<Collection, Map<string, { project_id: string; tags: string[] }>> = {
    networks,
    subnets,
    ports,
    "security-groups": security_groups,
    floatingips: floating_ips,
    routers,
  };
  return findOwn(call, tables[collection], KINDS[collection], param(call, "id"));
}
