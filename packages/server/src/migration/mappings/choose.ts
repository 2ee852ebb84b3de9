import { type MappingRow, type PlanMigration, Problem } from "@uniview/api";

type Named = { readonly id: string; readonly name: string };

/**
 * What the user said this object shall become, or undefined where nothing was said. Both sides of a mapping may be
 * a name or an id; an id wins over a name.
 *
 * @throws Problem `mapping-missing` when the target has no such object, or several of that name
 */
export function chosenByUser<T extends Named>(
  kind: MappingRow["kind"],
  mapping: Readonly<Record<string, string>>,
  source: Named,
  candidates: readonly T[],
  site: string,
): T | undefined {
  const wanted = mapping[source.id] ?? mapping[source.name];
  if (wanted === undefined) return undefined;
  const byId = candidates.find(({ id }) => id === wanted);
  if (byId) return byId;
  const named = candidates.filter(({ name }) => name === wanted);
  const [only] = named;
  if (only && named.length === 1) return only;
  const what = kind.replace("_", " ");
  throw new Problem(
    "mapping-missing",
    only
      ? `The site ${site} has ${named.length} of ${what} "${wanted}".`
      : `The site ${site} has no ${what} "${wanted}".`,
    {
      field: `mappings.${kind}s`,
      site,
      remedy: only
        ? `Name one by its id: ${named.map(({ id }) => id).join(", ")}.`
        : `It has: ${candidates.map(({ name }) => name).join(", ") || "none"}.`,
    },
  );
}

/**
 * A mapping of something that the server does not use is a slip of the pen, and what was meant would go elsewhere.
 *
 * @throws Problem `invalid-input`
 */
export function refuseUnused(
  mappings: PlanMigration["mappings"],
  rows: readonly MappingRow[],
  server_name: string,
): void {
  for (const kind of KINDS) {
    const field = `${kind}s` as const;
    const used = rows.filter((row) => row.kind === kind).map(({ source }) => source);
    const known = new Set(used.flatMap(({ id, name }) => [id, name]));
    const unused = Object.keys(mappings[field]).find((key) => !known.has(key));
    if (unused === undefined) continue;
    throw new Problem("invalid-input", `${server_name} uses no ${kind.replace("_", " ")} "${unused}".`, {
      field: `mappings.${field}`,
      remedy: `It uses: ${used.map(({ name }) => name).join(", ") || "none"}.`,
    });
  }
}

const KINDS = ["network", "flavor", "volume_type", "security_group", "keypair"] as const;
