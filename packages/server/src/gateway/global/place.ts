import type { Json } from "@uniview/openstack";
import { getBlockStorageLimits } from "@uniview/openstack/block-storage/limits";
import { getComputeLimits } from "@uniview/openstack/compute/limits";
import type { SiteService } from "../../sites/service.ts";
import type { GatewaySite } from "../identity/gateway-token.ts";
import { GatewayFault } from "../proxy/fault.ts";
import { type OwnerFinder, UUID } from "./find-owner.ts";
import type { GlobalFamily, GlobalPath } from "./global-path.ts";
import { askAll, sayMissing } from "./members.ts";

type Body = { [key: string]: Json };

/** What the key of a reference says about where it is looked for: `imageRef` is an image. */
const REFERENCES: readonly [RegExp, GlobalFamily, string][] = [
  [/^(?:imageRef|image_id|image_ref|image)$/, "image", "images"],
  [/^(?:flavorRef|flavor_id|flavor)$/, "compute", "flavors"],
  [/^(?:network_id|floating_network_id|tenant_network_id)$/, "network", "networks"],
  [/^(?:port_id|port|fixed_port)$/, "network", "ports"],
  [/^subnet_id$/, "network", "subnets"],
  [/^router_id$/, "network", "routers"],
  [/^(?:security_group_id|remote_group_id|security_groups)$/, "network", "security-groups"],
  [/^(?:volume_id|source_volid|source_replica)$/, "block-storage", "volumes"],
  [/^snapshot_id$/, "block-storage", "snapshots"],
  [/^(?:server_id|instance_uuid)$/, "compute", "servers"],
  [/^key_name$/, "compute", "os-keypairs"],
];

export interface Placed {
  readonly site: GatewaySite;
  /** Why there, for the header of the answer. */
  readonly why: "asked_for" | "by_reference" | "first_with_capacity";
}

/**
 * Chooses the site for something new: the one that the client names, else the one where what it refers to is, else
 * the first with capacity.
 * @throws GatewayFault 400 for a site or a mixture of references that cannot be, 503 when no site can be asked
 */
export async function placeNew(
  sites: Pick<SiteService, "connect">,
  owners: OwnerFinder,
  members: readonly GatewaySite[],
  path: GlobalPath,
  body: Body,
): Promise<Placed> {
  const named = siteNamedIn(body);
  if (named !== undefined) {
    const site = members.find(({ site_name, region_id }) => named === region_id || named === site_name);
    if (site) return { site, why: "asked_for" };
    const known = members.map(({ region_id }) => region_id).join(", ");
    throw new GatewayFault(400, `There is no site ${named} for you. There are: ${known}.`);
  }
  const possible = await byReferences(owners, members, body);
  const [only, ...others] = possible;
  if (only && others.length === 0 && members.length > 1) return { site: only, why: "by_reference" };
  return { site: await firstWithCapacity(sites, possible, path), why: "first_with_capacity" };
}

/** `os:scheduler_hints.site`, or `uniview_site` in the metadata or as a property, or the field `uniview:site`. */
function siteNamedIn(body: Body): string | undefined {
  const hints = body["os:scheduler_hints"] ?? body["OS-SCH-HNT:scheduler_hints"];
  const inner = Object.values(body).filter(isBody);
  const [thing = {}] = inner;
  const places: unknown[] = [
    isBody(hints) ? hints["site"] : undefined,
    isBody(thing["OS-SCH-HNT:scheduler_hints"]) ? thing["OS-SCH-HNT:scheduler_hints"]["site"] : undefined,
    isBody(thing["metadata"]) ? thing["metadata"]["uniview_site"] : undefined,
    thing["uniview:site"],
    body["uniview_site"],
    body["uniview:site"],
  ];
  const [named] = places.flatMap((value) => (Array.isArray(value) ? value : [value])).filter(isText);
  return named;
}

/** What is only for us, taken out of what goes to the site. @returns whether anything was */
export function dropOurFields(body: Body): boolean {
  let dropped = false;
  const drop = (from: Body, name: string) => {
    if (name in from) dropped = Reflect.deleteProperty(from, name);
  };
  for (const from of [body, ...Object.values(body).filter(isBody)]) {
    drop(from, "uniview:site");
    drop(from, "uniview_site");
    for (const name of ["os:scheduler_hints", "OS-SCH-HNT:scheduler_hints"]) {
      const hints = from[name];
      if (!isBody(hints)) continue;
      drop(hints, "site");
      if (Object.keys(hints).length === 0) drop(from, name);
    }
  }
  return dropped;
}

/** Sites that have everything that the body refers to; all of them, where it refers to nothing. */
async function byReferences(
  owners: OwnerFinder,
  members: readonly GatewaySite[],
  body: Body,
): Promise<readonly GatewaySite[]> {
  const found = await Promise.all(
    referencesIn(body).map(async ([family, collection, id]) => ({
      what: `${collection} ${id}`,
      ...(await owners.find(members, { family, collection, id })),
    })),
  );
  let possible = members;
  for (const { what, sites: having, missing } of found) {
    if (having.length === 0 && missing.length > 0) {
      throw new GatewayFault(503, `Where ${what} is cannot be found out now: ${sayMissing(missing)}.`);
    }
    // what no site knows is for the site to refuse
    if (having.length === 0) continue;
    possible = possible.filter((site) => having.includes(site));
    if (possible.length > 0) continue;
    throw new GatewayFault(400, `No site has all that the request refers to; ${what} is elsewhere.`);
  }
  return possible;
}

function referencesIn(value: Json, key = ""): [GlobalFamily, string, string][] {
  if (Array.isArray(value)) return value.flatMap((one) => referencesIn(one, key));
  if (isBody(value)) {
    const is_network = key === "networks" && isText(value["uuid"]);
    const device = value["source_type"];
    const by_device =
      isText(device) && isText(value["uuid"]) ? referenceOf(`${device}_id`, value["uuid"]) : [];
    const network = is_network ? referenceOf("network_id", String(value["uuid"])) : [];
    return [
      ...network,
      ...by_device,
      ...Object.entries(value).flatMap(([name, one]) => referencesIn(one, name)),
    ];
  }
  return isText(value) ? referenceOf(key, value) : [];
}

function referenceOf(key: string, text: string): [GlobalFamily, string, string][] {
  const row = REFERENCES.find(([pattern]) => pattern.test(key));
  if (!row) return [];
  const [, family, collection] = row;
  // some clients send the URL of the thing
  const id = text.slice(text.lastIndexOf("/") + 1);
  const by_name = collection === "flavors" || collection === "os-keypairs";
  return UUID.test(id) || (by_name && /^[\w.-]+$/.test(id)) ? [[family, collection, id]] : [];
}

/** By what the project may have and has there; what cannot be counted has capacity. */
async function firstWithCapacity(
  sites: Pick<SiteService, "connect">,
  members: readonly GatewaySite[],
  { family, collection }: GlobalPath,
): Promise<GatewaySite> {
  const { answers, missing } = await askAll(sites, members, family, async (client) => {
    if (collection === "servers") {
      const limits = await getComputeLimits(client);
      return (
        isFree(limits.maxTotalInstances, limits.totalInstancesUsed) &&
        isFree(limits.maxTotalCores, limits.totalCoresUsed)
      );
    }
    if (collection !== "volumes") return true;
    const limits = await getBlockStorageLimits(client);
    return (
      isFree(limits.maxTotalVolumes, limits.totalVolumesUsed) &&
      isFree(limits.maxTotalVolumeGigabytes, limits.totalGigabytesUsed)
    );
  });
  const found = answers.find(({ value }) => value) ?? answers[0];
  if (found) return found.site;
  throw new GatewayFault(503, `No site can take it now: ${sayMissing(missing)}.`, { "retry-after": "15" });
}

function isFree(most: number, used: number): boolean {
  return most < 0 || used < most;
}

function isBody(value: unknown): value is Body {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}
