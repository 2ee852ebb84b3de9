import { type MappingRow, Problem } from "@uniview/api";

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
