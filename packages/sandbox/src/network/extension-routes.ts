import { json } from "../http/reply.ts";
import { param, type Route, route } from "../http/route.ts";
import { neutronError } from "./resource.ts";

const EXTENSIONS = [
  ["allowed-address-pairs", "Allowed Address Pairs", "2013-07-23T10:00:00-00:00"],
  ["availability_zone", "Availability Zone", "2015-01-01T10:00:00-00:00"],
  ["binding", "Port Binding", "2014-02-03T10:00:00-00:00"],
  ["ext-gw-mode", "Neutron L3 Configurable external gateway mode", "2013-03-28T10:00:00-00:00"],
  ["external-net", "Neutron external network", "2013-01-14T10:00:00-00:00"],
  ["mtu", "Network MTU (edit)", "2015-03-25T10:00:00-00:00"],
  ["pagination", "Pagination support", "2016-06-12T00:00:00-00:00"],
  ["port-security", "Port Security", "2012-07-23T10:00:00-00:00"],
  ["project-id", "project_id field enabled", "2016-09-09T09:09:09-09:09"],
  ["quota_details", "Quota details management support", "2017-02-10T10:00:00-00:00"],
  ["quotas", "Quota management support", "2012-07-29T10:00:00-00:00"],
  ["router", "Neutron L3 Router", "2012-07-20T10:00:00-00:00"],
  ["security-group", "security-group", "2012-10-05T10:00:00-00:00"],
  ["sorting", "Sorting support", "2016-06-12T00:00:00-00:00"],
  ["standard-attr-revisions", "Resource revision numbers", "2016-04-11T10:00:00-00:00"],
  ["standard-attr-tag", "Tag support for resources with standard attribute", "2017-01-01T00:00:00-00:00"],
  ["standard-attr-timestamp", "Resource timestamps", "2016-09-12T10:00:00-00:00"],
] as const;

export const EXTENSION_ROUTES: Route[] = [
  route("GET", "/extensions", () => json({ extensions: EXTENSIONS.map(view) })),
  route("GET", "/extensions/{alias}", (call) => {
    const found = EXTENSIONS.find(([alias]) => alias === param(call, "alias"));
    if (found === undefined) throw neutronError(404, "HTTPNotFound", "The resource could not be found.");
    return json({ extension: view(found) });
  }),
  route("GET", "/availability_zones", () =>
    json({
      availability_zones: ["router", "network"].map((resource) => ({
        state: "available",
        name: "nova",
        resource,
      })),
    }),
  ),
];

function view([alias, name, updated]: (typeof EXTENSIONS)[number]): unknown {
  return { name, alias, description: name, updated, links: [] };
}
