import { compareMicroversions, type Json, type ServiceClient } from "@uniview/openstack";
import { microversionHeaders } from "@uniview/openstack/service/microversion-headers";
import type { SiteService } from "../../sites/service.ts";
import type { GatewaySite } from "../identity/gateway-token.ts";
import type { GlobalPath } from "./global-path.ts";
import { askAll, type Missing } from "./members.ts";

type Item = { [key: string]: Json };

/** Items of a list without limit; further ones are on the next page. What Nova and Cinder give at most by default. */
const DEFAULT_PAGE = 1_000;
/** Parameters that are ours, not the sites'. */
const PAGING: ReadonlySet<string> = new Set(["limit", "marker", "uniview_site"]);

export interface ListWish {
  readonly path: GlobalPath;
  /** As the client sent it, with the project's id as clients know it. */
  readonly query: URLSearchParams;
  readonly project_id: string;
  /** The microversion asked for; undefined: none. */
  readonly microversion: string | undefined;
}

export interface MergedList {
  /** Name of the list in its body: `servers`. */
  readonly key: string | undefined;
  readonly items: readonly Item[];
  readonly missing: readonly Missing[];
  /** Where the next page begins; undefined: this is the last one. */
  readonly next: { readonly marker: string; readonly site: string } | undefined;
}

/**
 * One list of all sites, first by site (in their order), then as each site orders it; every item says its site.
 * A page begins after `marker`, which is an item of `from`.
 */
export async function listEverywhere(
  sites: Pick<SiteService, "connect">,
  members: readonly GatewaySite[],
  wish: ListWish,
  from: GatewaySite | undefined,
): Promise<MergedList> {
  const limit = Number(wish.query.get("limit") ?? Number.NaN);
  const bounded = Number.isInteger(limit) && limit > 0;
  const most = bounded ? limit : DEFAULT_PAGE;
  const asked_sites = from ? members.slice(members.indexOf(from)) : members;
  const { answers, missing } = await askAll(sites, asked_sites, wish.path.family, (client, site, signal) =>
    readSite(client, site, wish, {
      marker: site === from ? (wish.query.get("marker") ?? undefined) : undefined,
      limit: bounded ? limit : undefined,
      most,
      signal,
    }),
  );
  const all = answers.flatMap(({ site, value }) => value.items.map((item) => ({ site, item })));
  const page = all.slice(0, most);
  const last = page.at(-1);
  const has_more = answers.some(({ site, value }) => site === last?.site && value.more);
  return {
    key: answers.find(({ value }) => value.key !== undefined)?.value.key,
    items: page.map(({ site, item }) => withSite(item, site.site_name, wish.path)),
    missing,
    next:
      last && (has_more || all.length > page.length)
        ? { marker: markerOf(last.item), site: last.site.region_id }
        : undefined,
  };
}

interface Page {
  readonly marker: string | undefined;
  /** Asked of the site; undefined: as many as it gives. */
  readonly limit: number | undefined;
  /** Enough of them. */
  readonly most: number;
  readonly signal: AbortSignal;
}

async function readSite(
  client: ServiceClient,
  site: GatewaySite,
  wish: ListWish,
  { marker, limit, most, signal }: Page,
): Promise<{ key: string | undefined; items: Item[]; more: boolean }> {
  const items: Item[] = [];
  let key: string | undefined;
  let after = marker;
  for (;;) {
    const query = queryFor(site, wish, after, limit);
    const { body } = await client.request<Item>("GET", wish.path.rest, {
      query,
      signal,
      headers: microversionHeaders(client.type, clamp(client, wish.microversion)),
    });
    const list = listIn(body);
    key ??= list?.[0];
    items.push(...(list?.[1] ?? []));
    const last = list?.[1].at(-1);
    const more = last !== undefined && hasNext(body, key);
    if (!more || items.length >= most) return { key, items, more };
    after = markerOf(last);
  }
}

function queryFor(
  site: GatewaySite,
  { query, project_id }: ListWish,
  marker: string | undefined,
  limit: number | undefined,
): Record<string, string | string[]> {
  const sent: Record<string, string | string[]> = {};
  for (const name of new Set(query.keys())) {
    if (PAGING.has(name)) continue;
    sent[name] = query
      .getAll(name)
      .map((value) => (value === project_id ? site.site_project_remote_id : value));
  }
  if (marker !== undefined) sent["marker"] = marker;
  if (limit !== undefined) sent["limit"] = String(limit);
  return sent;
}

/** The newest that this site has, where the client asks for a newer one: a list does not fail for one old site. */
function clamp(client: ServiceClient, wanted: string | undefined): string | undefined {
  const { max } = client.versions;
  if (wanted === undefined || max === undefined) return undefined;
  if (wanted === "latest") return max;
  return compareMicroversions(wanted, max) > 0 ? max : wanted;
}

/** The list in a body: its only field that is one, beside those of links. */
function listIn(body: Item): [string, Item[]] | undefined {
  for (const [key, value] of Object.entries(body)) {
    if (Array.isArray(value) && !key.endsWith("_links")) return [key, value as Item[]];
  }
  return undefined;
}

function hasNext(body: Item, key: string | undefined): boolean {
  const links = key === undefined ? undefined : body[`${key}_links`];
  const told = Array.isArray(links) && links.some((link) => isItem(link) && link["rel"] === "next");
  return told || typeof body["next"] === "string";
}

/** Keypairs are wrapped in an object of their own, and known by their name. */
function markerOf(item: Item): string {
  const inner = isItem(item["keypair"]) ? item["keypair"] : item;
  return String(inner["id"] ?? inner["name"] ?? "");
}

/** Where the item is: in its metadata or property where clients show those, else in a field of its own. */
function withSite(item: Item, site: string, { family }: GlobalPath): Item {
  if (isItem(item["keypair"])) return { ...item, keypair: { ...item["keypair"], "uniview:site": site } };
  if (isItem(item["metadata"])) {
    return { ...item, metadata: { ...item["metadata"], uniview_site: site }, "uniview:site": site };
  }
  return { ...item, [family === "image" ? "uniview_site" : "uniview:site"]: site };
}

function isItem(value: unknown): value is Item {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
