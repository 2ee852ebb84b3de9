import { z } from "zod";
import { endpoint } from "../endpoint.ts";
import {
  ResourceDetail,
  ResourceKind,
  ResourceList,
  ResourceQuery,
  Server,
  ServerAction,
  ServerDetail,
} from "../schemas/inventory.ts";
import { SiteName } from "../schemas/terms.ts";

const tag = "inventory";
const query = ResourceQuery;
const BySiteAndId = z.object({ site: SiteName, id: z.string().max(255) });

const list = <R extends z.ZodType>(id: string, kind: ResourceKind, response: R) =>
  endpoint({
    id,
    method: "GET",
    path: `/${kind}`,
    tag,
    access: "user",
    status: 200,
    summary: `All ${kind.replace("-", " ")} of every granted project of every site`,
    query,
    response,
  });

export const listServers = list("listServers", "servers", ResourceList.servers);
export const listVolumes = list("listVolumes", "volumes", ResourceList.volumes);
export const listImages = list("listImages", "images", ResourceList.images);
export const listFlavors = list("listFlavors", "flavors", ResourceList.flavors);
export const listNetworks = list("listNetworks", "networks", ResourceList.networks);
export const listPorts = list("listPorts", "ports", ResourceList.ports);
export const listSecurityGroups = list(
  "listSecurityGroups",
  "security-groups",
  ResourceList["security-groups"],
);
export const listKeypairs = list("listKeypairs", "keypairs", ResourceList.keypairs);

export const getServer = endpoint({
  id: "getServer",
  method: "GET",
  path: "/servers/{site}/{id}",
  tag,
  access: "user",
  status: 200,
  summary:
    "One server with its disks, ports and original JSON; `id` may be a name that only one server of the site has",
  params: BySiteAndId,
  response: ServerDetail,
});
export const actOnServer = endpoint({
  id: "actOnServer",
  method: "POST",
  path: "/servers/{site}/{id}/actions",
  tag,
  access: "user",
  status: 202,
  summary: "Start, stop or reboot a server; the effect shows in the inventory within seconds",
  params: BySiteAndId,
  body: ServerAction,
  response: Server,
});
export const getResource = endpoint({
  id: "getResource",
  method: "GET",
  path: "/resources/{kind}/{site}/{id}",
  tag,
  access: "user",
  status: 200,
  summary: "One resource of any kind with its original JSON",
  params: BySiteAndId.extend({ kind: ResourceKind }),
  response: ResourceDetail,
});
