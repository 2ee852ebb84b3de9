import { queryOptions } from "@tanstack/react-query";
import { call, endpoints } from "./client.ts";

/** Below `sites`, so that news of a site makes them stale; an object, because a site may have any name. */
const OF_ALL = { of: "all sites" } as const;

export const capabilitiesQuery = queryOptions({
  queryKey: ["sites", OF_ALL, "capabilities"],
  queryFn: ({ signal }) => call(endpoints.getCapabilities, { signal }),
});

export function siteCapabilitiesQuery(name: string) {
  return queryOptions({
    queryKey: ["sites", name, "capabilities"],
    queryFn: ({ signal }) => call(endpoints.getSiteCapabilities, { params: { name }, signal }),
  });
}
