import { type Client, Problem, type SiteFreshness } from "@uniview/api";
import { readList } from "./read-list.ts";
import type { Kind, Row } from "./resource-kinds.ts";

const SITE_AND_REST = /^([a-z0-9][a-z0-9-]{0,38})\/(.+)$/;
/** As Nova, Cinder and Neutron make them, with the dashes or (Keystone) without. */
const UUID = /^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i;
/** A clear error names so many candidates at most. */
const MOST_CANDIDATES = 10;

/**
 * Finds the one resource that a person means by an id, a name or `site/name`.
 *
 * @throws Problem `not-found`; `conflict` that lists the candidates where there are several
 */
export async function findOne<R extends Row>(
  client: Client,
  kind: Kind<R>,
  wanted: string,
  { site, signal }: { readonly site?: string | undefined; readonly signal: AbortSignal },
): Promise<R> {
  const [, written_site, rest] = (site === undefined && SITE_AND_REST.exec(wanted)) || [];
  const tries =
    written_site !== undefined && rest !== undefined
      ? [
          { name: rest, site: written_site },
          { name: wanted, site: undefined }, // a name may have a slash in it
        ]
      : [{ name: wanted, site }];
  const looked: SiteFreshness[] = [];
  for (const { name, site } of tries) {
    const { found, sites } = await search(client, kind, name, site, signal);
    const [only, another] = found;
    if (only && another) throw ambiguous(kind, name, found);
    if (only) return only;
    looked.push(...sites);
  }
  throw notFound(kind, wanted, site ?? written_site, looked);
}

async function search<R extends Row>(
  client: Client,
  kind: Kind<R>,
  name: string,
  site: string | undefined,
  signal: AbortSignal,
): Promise<{ found: R[]; sites: readonly SiteFreshness[] }> {
  const fields = UUID.test(name) ? ["id"] : ["name", "id"]; // flavors and keypairs have ids that people chose
  const at = site === undefined ? "" : ` site:${site}`;
  const quoted = `"${name.replaceAll(/["\\]/g, " ").trim()}"`;
  const lists = await Promise.all(
    fields.map((field) => readList(client, kind, { q: `${field}:${quoted}${at}`, signal })),
  );
  const exact = lists
    .flatMap(({ items }) => items)
    .filter((row) => (row.id === name || row.name === name) && (site === undefined || row.site === site));
  const distinct = new Map(exact.map((row) => [`${row.site}/${row.id}`, row]));
  return { found: [...distinct.values()], sites: lists[0]?.sites ?? [] };
}

function ambiguous(kind: Kind<Row>, name: string, found: readonly Row[]): Problem {
  const candidates = found.slice(0, MOST_CANDIDATES).map(({ site, id }) => `${site}/${id}`);
  if (found.length > MOST_CANDIDATES) candidates.push("…");
  const several_sites = new Set(found.map(({ site }) => site)).size === found.length;
  return new Problem(
    "conflict",
    `${found.length} ${kind.plural} are called "${name}": ${candidates.join(", ")}.`,
    {
      remedy: several_sites ? `Say which: ${found[0]?.site}/${name}, or --site.` : "Say which by its id.",
    },
  );
}

function notFound(
  kind: Kind<Row>,
  wanted: string,
  site: string | undefined,
  looked: readonly SiteFreshness[],
): Problem {
  const silent = new Set(looked.filter(({ state }) => state === "unreachable").map((each) => each.site));
  const doubt =
    silent.size > 0 ? ` ${[...silent].join(", ")} did not answer when last read: it may be there.` : "";
  const where = site === undefined ? "" : ` at ${site}`;
  return new Problem("not-found", `No ${kind.noun} has the id or name "${wanted}"${where}.${doubt}`, {
    remedy: `See what there is: uniview ${kind.noun.replace(" ", "-")} list`,
  });
}
