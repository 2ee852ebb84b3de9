import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import type { ResourceKind } from "@uniview/api";
import { call, endpoints } from "./client.ts";
import type { RowOf, RowPage } from "./rows.ts";

/** Rows of one page: two windows full, so that scrolling is ahead of the network. */
const PAGE_ROWS = 100;

/** Lists are kept right by events; this only repairs what an event lost. */
const REFRESH_MS = 60_000;

const LIST_OF = {
  servers: endpoints.listServers,
  volumes: endpoints.listVolumes,
  images: endpoints.listImages,
  flavors: endpoints.listFlavors,
  networks: endpoints.listNetworks,
  ports: endpoints.listPorts,
  "security-groups": endpoints.listSecurityGroups,
  keypairs: endpoints.listKeypairs,
} as const satisfies Record<ResourceKind, unknown>;

export interface ListQuery {
  readonly q: string;
  readonly sort: string;
}

export function listQuery<K extends ResourceKind>(kind: K, { q, sort }: ListQuery) {
  return infiniteQueryOptions({
    queryKey: ["list", kind, { q, sort }],
    // every row of LIST_OF takes the same query; the kind says what comes back
    queryFn: async ({ pageParam, signal }) =>
      (await call(LIST_OF[kind] as typeof endpoints.listServers, {
        query: { q, sort, limit: PAGE_ROWS, ...(pageParam === "" ? {} : { cursor: pageParam }) },
        signal,
      })) as unknown as RowPage<RowOf<K>>,
    initialPageParam: "",
    getNextPageParam: (page: RowPage<RowOf<K>>) => page.next_cursor,
    refetchInterval: REFRESH_MS,
  });
}

export function serverQuery(site: string, id: string) {
  return queryOptions({
    queryKey: ["resource", "servers", site, id],
    queryFn: ({ signal }) => call(endpoints.getServer, { params: { site, id }, signal }),
    refetchInterval: REFRESH_MS,
  });
}

export function resourceQuery(kind: ResourceKind, site: string, id: string) {
  return queryOptions({
    queryKey: ["resource", kind, site, id],
    queryFn: ({ signal }) => call(endpoints.getResource, { params: { kind, site, id }, signal }),
    refetchInterval: REFRESH_MS,
  });
}
