import { Problem } from "@uniview/api";

/** The one thing of a list that has this id or name. @throws Problem `not-found`; `conflict` where several have it */
export function pickNamed<T extends { readonly id: string; readonly name: string }>(
  items: readonly T[],
  wanted: string,
  noun: string,
): T {
  const found = items.filter(({ id, name }) => id === wanted || name === wanted);
  const [only] = found;
  if (only && found.length === 1) return only;
  if (!only) {
    throw new Problem("not-found", `No ${noun} has the id or name "${wanted}".`, {
      remedy: `See what there is: uniview ${noun} list`,
    });
  }
  throw new Problem("conflict", `${found.length} ${noun}s are called "${wanted}".`, {
    remedy: `Say which by its id: ${found.map(({ id }) => id).join(", ")}.`,
  });
}
