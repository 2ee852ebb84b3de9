import type { Query } from "./service-client.ts";

/**
 * The URL of a call. Ids in paths come from users and sites, so a path that would leave its resource (`..`), or that
 * smuggles in a query, is refused here once for all resources.
 */
export function callUrl(endpoint: string, path: string, query: Query = {}): URL {
  const segments = path.split("/");
  const climbs = segments.some((segment) => /^(\.|%2e){1,2}$/i.test(segment));
  const hollow = segments.slice(1).some((segment, at, all) => segment === "" && at < all.length - 1);
  if (!path.startsWith("/") || climbs || hollow || /[?#\\\s]/.test(path)) {
    throw new RangeError(`'${path}' is not the path of a resource; check the id in it.`);
  }
  const url = new URL(endpoint + path);
  for (const [name, value] of Object.entries(query)) {
    for (const one of [value].flat()) if (one !== undefined) url.searchParams.append(name, String(one));
  }
  return url;
}
