import { z } from "zod";
import { endpoint } from "../endpoint.ts";
import { CapabilityMatrix, ProbedSite, ProbeSite, SiteCapabilities } from "../schemas/capabilities.ts";
import { SiteName } from "../schemas/terms.ts";

const tag = "capabilities";
const ByName = z.object({ name: SiteName });

export const getCapabilities = endpoint({
  id: "getCapabilities",
  method: "GET",
  path: "/capabilities",
  tag,
  access: "user",
  status: 200,
  summary: "What may be done in every granted project of every site, side by side, and what changed",
  response: CapabilityMatrix,
});
export const getSiteCapabilities = endpoint({
  id: "getSiteCapabilities",
  method: "GET",
  path: "/sites/{name}/capabilities",
  tag,
  access: "user",
  status: 200,
  summary: "What works at a site, and how: capabilities, and the way of each operation with its price",
  params: ByName,
  response: SiteCapabilities,
});
export const probeSite = endpoint({
  id: "probeSite",
  method: "POST",
  path: "/sites/{name}/capabilities/probe",
  tag,
  access: "user",
  status: 200,
  summary: "Find out again now what may be done at a site",
  description:
    "Reads documents and lists, and sends requests that cannot succeed: whether the site's policy refuses them tells what the role may do. Nothing is changed at the site unless `thorough` is asked for.",
  params: ByName,
  body: ProbeSite,
  response: ProbedSite,
});
