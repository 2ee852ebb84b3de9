import type { Microversion } from "./microversion.ts";
import { Refusal } from "./refusal.ts";
import type { Route } from "./route.ts";

/** Refuses query parameters that the route does not know, from the microversion on that does. @throws Refusal 400 */
export function checkQuery(
  route: Route,
  query: URLSearchParams,
  version: Microversion,
  strict_everywhere_since: string | undefined,
): void {
  const since = route.query?.strict_since ?? strict_everywhere_since;
  if (since === undefined || !version.atLeast(since)) return;
  for (const name of query.keys()) {
    if (route.query?.names.includes(name)) continue;
    throw new Refusal(
      400,
      `Invalid input for query parameters ${name}. Additional properties are not allowed ('${name}' was unexpected)`,
    );
  }
}
