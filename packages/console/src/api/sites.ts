import { queryOptions } from "@tanstack/react-query";
import { call, endpoints } from "./client.ts";

/** Ages of sites move on without any event. */
const REFRESH_MS = 30_000;

export const sitesQuery = queryOptions({
  queryKey: ["sites"],
  queryFn: ({ signal }) => call(endpoints.listSites, { signal }),
  select: (page) => page.items,
  refetchInterval: REFRESH_MS,
});

export function siteQuery(name: string) {
  return queryOptions({
    queryKey: ["sites", name],
    queryFn: ({ signal }) => call(endpoints.getSite, { params: { name }, signal }),
    refetchInterval: REFRESH_MS,
  });
}

export function grantsQuery(name: string) {
  return queryOptions({
    queryKey: ["sites", name, "grants"],
    queryFn: ({ signal }) => call(endpoints.listGrants, { params: { name }, signal }),
    select: (page) => page.items,
  });
}
