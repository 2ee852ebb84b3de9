import type { Check } from "@uniview/api";

/** Words for the three outcomes of a check; `id` says what was looked at, as in `quota.instances`. */

export const pass = (id: string, title: string, detail: string): Check => ({
  id,
  title,
  outcome: "pass",
  detail,
});

/** It works, but not all is as it was, or something should be known before. */
export const warn = (id: string, title: string, detail: string, remedy?: string): Check => ({
  id,
  title,
  outcome: "warn",
  detail,
  ...(remedy ? { remedy } : {}),
});

/** It cannot work: nothing is started before the remedy. */
export const fail = (id: string, title: string, detail: string, remedy: string): Check => ({
  id,
  title,
  outcome: "fail",
  detail,
  remedy,
});

/** Does `needed` more fit below a limit? -1 and undefined are no limit. */
export function quota(
  id: string,
  title: string,
  needed: number,
  limit: number | undefined,
  used: number | undefined,
  site: string,
): Check {
  if (limit === undefined || limit < 0) return pass(id, title, `${needed} needed; ${site} sets no limit`);
  if (used === undefined) {
    const detail = `${needed} needed; the limit is ${limit}, and ${site} does not say how much of it is used`;
    return needed > limit
      ? fail(id, title, detail, `Ask the operator of ${site} for more.`)
      : warn(id, title, detail);
  }
  const free = limit - used;
  const detail = `${needed} needed, ${Math.max(0, free)} of ${limit} free at ${site}`;
  return needed <= free
    ? pass(id, title, detail)
    : fail(id, title, detail, `Free ${needed - free} at ${site}, or ask its operator for more.`);
}
