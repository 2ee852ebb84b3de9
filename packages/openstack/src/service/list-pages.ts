import { SiteUnreachable } from "../errors/site-unreachable.ts";
import type { JsonFields } from "./json-fields.ts";
import type { SentRows } from "./sent-rows.ts";
import type { CallOptions, Query, ServiceClient } from "./service-client.ts";

/** A site that links pages in a circle must not keep a reader for ever. */
const MAX_PAGES = 10_000;

export interface ListOptions {
  /** Filters as the resource's API reference names them. */
  query?: Query | undefined;
  /** Rows a page; the site may send fewer and goes on by its own links. */
  page_size?: number | undefined;
  signal?: AbortSignal | undefined;
}

export interface PageSource extends ListOptions {
  path: string;
  /** Field of the answer that holds the rows. */
  key: string;
  microversion?: string | undefined;
}

/**
 * Reads a list page by page. The next page is asked for by the *query* of the site's `next` link only, never by its
 * host or path: behind a proxy those are often wrong, and they must not lead a token elsewhere.
 */
export function listPages<Row>(client: ServiceClient, source: PageSource): AsyncGenerator<Row[], void> {
  return turnPages(source, async (options) => {
    const body = await client.get<Record<string, unknown>>(source.path, options);
    const rows = body[source.key];
    if (!Array.isArray(rows)) throw notAList(client, source);
    const pageOf = (is_last: boolean) => {
      if (is_last) LAST_PAGES.add(rows);
      return rows;
    };
    return { pageOf, beside: body };
  });
}

const LAST_PAGES = new WeakSet<readonly unknown[]>();

/** Did the site say of this page of {@link listPages} that no other follows? A copy of it does not tell. */
export function isLastPage(page: readonly unknown[]): boolean {
  return LAST_PAGES.has(page);
}

/** A page as the site spelled it. */
export interface SentPage extends SentRows {
  /** No other follows. */
  readonly is_last: boolean;
}

/** The same pages, as the site spelled them. @param fields to find in each row on the way */
export function listSentPages(
  client: ServiceClient,
  source: PageSource,
  fields?: JsonFields,
): AsyncGenerator<SentPage, void> {
  return turnPages(source, async (options) => {
    const { rows, rest } = await client.getSent(source.path, { ...options, fields });
    return { pageOf: (is_last) => ({ ...rows, is_last }), beside: rest };
  });
}

type ReadPage<Page> = (
  options: CallOptions & { require: string },
) => Promise<{ pageOf: (is_last: boolean) => Page; beside: Record<string, unknown> }>;

async function* turnPages<Page>(source: PageSource, read: ReadPage<Page>): AsyncGenerator<Page, void> {
  const { key, microversion, signal } = source;
  const first: Query = { ...source.query, limit: source.page_size ?? source.query?.["limit"] };
  const markers = new Set<string>();
  let query = first;
  for (let turned = 0; turned < MAX_PAGES; turned += 1) {
    const { pageOf, beside } = await read({ query, microversion, signal, require: key });
    const next = nextQuery(beside, key);
    const marker = next?.["marker"];
    const is_last = marker === undefined || markers.has(marker);
    yield pageOf(is_last);
    if (is_last) return;
    markers.add(marker);
    query = { ...first, ...next };
  }
}

/** All rows of a list in one array: for lists that are known to be short. */
export async function collect<Row>(pages: AsyncIterable<Row[]>): Promise<Row[]> {
  const all: Row[] = [];
  for await (const page of pages) for (const row of page) all.push(row);
  return all;
}

/**
 * The query of the link to the next page. Shapes: Nova, Cinder and Neutron `<key>_links: [{ rel: "next", href }]`,
 * Glance `next: "/v2/images?…"`, Keystone `links: { next }`.
 */
function nextQuery(body: Record<string, unknown>, key: string): Record<string, string> | undefined {
  const href = linkNamedNext(body[`${key}_links`]) ?? body["next"] ?? fieldNext(body["links"]);
  if (typeof href !== "string" || !href.includes("?")) return undefined;
  return Object.fromEntries(new URLSearchParams(href.slice(href.indexOf("?") + 1)));
}

function linkNamedNext(links: unknown): unknown {
  if (!Array.isArray(links)) return undefined;
  return links.find((link) => link?.rel === "next")?.href;
}

function fieldNext(links: unknown): unknown {
  return typeof links === "object" && links !== null && "next" in links ? links.next : undefined;
}

function notAList(client: ServiceClient, source: PageSource): SiteUnreachable {
  const host = new URL(client.endpoint).host;
  const what = `${client.type} at ${host} answered GET ${source.path} with '${source.key}' that is not a list.`;
  return new SiteUnreachable(
    "not_openstack",
    host,
    `${what} Check that the catalog's URL leads to an OpenStack API.`,
  );
}
