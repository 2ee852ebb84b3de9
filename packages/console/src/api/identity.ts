import { queryOptions } from "@tanstack/react-query";
import { call, endpoints } from "./client.ts";

export const statusQuery = queryOptions({
  queryKey: ["status"],
  queryFn: ({ signal }) => call(endpoints.getStatus, { signal }),
});

export const sessionQuery = queryOptions({
  queryKey: ["session"],
  queryFn: ({ signal }) => call(endpoints.getSession, { signal }),
  staleTime: 5 * 60_000,
});

export const tokensQuery = queryOptions({
  queryKey: ["tokens"],
  queryFn: ({ signal }) => call(endpoints.listTokens, { signal }),
  select: (page) => page.items,
});

export const usersQuery = queryOptions({
  queryKey: ["users"],
  queryFn: ({ signal }) => call(endpoints.listUsers, { signal }),
  select: (page) => page.items,
});

export const secondFactorQuery = queryOptions({
  queryKey: ["second-factor"],
  queryFn: ({ signal }) => call(endpoints.getSecondFactor, { signal }),
});
