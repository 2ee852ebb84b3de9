import { z } from "zod";
import { endpoint } from "../endpoint.ts";
import { AddSite, CheckCloud, CloudCheck, RemovedSite, RemoveSite, Site } from "../schemas/sites.ts";
import { pageOf, SiteName } from "../schemas/terms.ts";

const tag = "sites";
const ByName = z.object({ name: SiteName });

export const listSites = endpoint({
  id: "listSites",
  method: "GET",
  path: "/sites",
  tag,
  access: "user",
  status: 200,
  summary: "The sites that are granted to me",
  response: pageOf(Site),
});
export const checkCloud = endpoint({
  id: "checkCloud",
  method: "POST",
  path: "/sites/check",
  tag,
  access: "user",
  status: 200,
  summary: "What adding this cloud entry would find; stores and changes nothing",
  body: CheckCloud,
  response: CloudCheck,
});
export const addSite = endpoint({
  id: "addSite",
  method: "POST",
  path: "/sites",
  tag,
  access: "user",
  status: 201,
  idempotent_by_key: true,
  summary: "Join a site",
  description:
    "Signs in, discovers every service, mints an application credential (or, where the site forbids that, seals the password and says so) and begins to read the inventory. A site of the same identity URL, region and interface joined before gets the project added.",
  body: AddSite,
  response: Site,
});
export const getSite = endpoint({
  id: "getSite",
  method: "GET",
  path: "/sites/{name}",
  tag,
  access: "user",
  status: 200,
  summary: "One site with its discovery table",
  params: ByName,
  response: Site,
});
export const checkSite = endpoint({
  id: "checkSite",
  method: "POST",
  path: "/sites/{name}/check",
  tag,
  access: "user",
  status: 200,
  summary: "Discover again now",
  params: ByName,
  response: Site,
});
export const removeSite = endpoint({
  id: "removeSite",
  method: "DELETE",
  path: "/sites/{name}",
  tag,
  access: "user",
  status: 200,
  summary: "Remove a site; what Uniview made there is deleted",
  params: ByName,
  query: RemoveSite,
  response: RemovedSite,
});
