import { ResourceQuery } from "@uniview/api";
import { median } from "./measure.ts";
import type { Product } from "./product.ts";
import { uuidOf } from "./server-body.ts";

/** Our list against a scan of the same rows in memory. */
export interface SearchRace {
  readonly what: string;
  readonly term: string;
  readonly ours_ms: number;
  readonly scan_ms: number;
  readonly found: number;
  readonly told: string;
}

const PAGE = 50;

/** What people look for, from what one server has to what a fifth of them has. Of the site and server given. */
function termsOf(site: number, at: number): { what: string; term: string }[] {
  const id = uuidOf(site, "server", at);
  return [
    { what: "name", term: `web-${String(site).padStart(2, "0")}-${String(at).padStart(5, "0")}` },
    { what: "IP", term: `10.${site * 2}.${at >> 8}.${at & 255}` },
    { what: "UUID", term: id },
    { what: "part of a UUID", term: id.slice(5, 16) },
    { what: "2 % of all", term: "rack-07" },
    { what: "10 % of all", term: "shutoff" },
    { what: "20 % of all", term: "web" },
    { what: "nothing", term: "zyx" },
  ];
}

/**
 * Lists the first page by name for each term, and after each time scans what an in-memory index would hold: the same
 * text of every row, sorted by name already. Both must find the same.
 */
export async function raceSearches(
  product: Product,
  sites: number,
  servers: number,
  times: number,
): Promise<SearchRace[]> {
  // autovacuum does the same within a minute after so many rows came
  await product.query("vacuum (analyze) resources, search_blocks");
  const rows = await product.query<{ search: string }>(
    `select search from resources where kind = 'servers' order by lower(name) collate "C"`,
  );
  const texts = rows.map(({ search }) => search);
  const web_server = Math.floor(servers / 10) * 5 - 1;
  const races: SearchRace[] = [];
  for (const { what, term } of termsOf(Math.floor(sites / 7), web_server)) {
    const ours: number[] = [];
    const scans: number[] = [];
    let told = "";
    let found = 0;
    for (let time = 0; time < times; time += 1) {
      const began = performance.now();
      const query = ResourceQuery.parse({ q: term, sort: "name", limit: PAGE });
      const page = await product.lists.list(product.user, "servers", query);
      ours.push(performance.now() - began);
      const scan_began = performance.now();
      const scanned = scan(texts, term);
      scans.push(performance.now() - scan_began);
      found = scanned.count;
      if (page.items.length !== scanned.page.length) {
        throw new Error(
          `'${term}': the list shows ${page.items.length} rows, the scan ${scanned.page.length}.`,
        );
      }
      told = `${page.total.exact ? "" : "about "}${page.total.count}`;
    }
    races.push({ what, term, ours_ms: median(ours), scan_ms: median(scans), found, told });
  }
  return races;
}

function scan(texts: readonly string[], term: string): { count: number; page: string[] } {
  const page: string[] = [];
  let count = 0;
  for (const text of texts) {
    if (!text.includes(term)) continue;
    count += 1;
    if (page.length < PAGE) page.push(text);
  }
  return { count, page };
}
