import { queryOptions } from "@tanstack/react-query";
import { call, endpoints } from "./client.ts";

export const projectsQuery = queryOptions({
  queryKey: ["projects"],
  queryFn: ({ signal }) => call(endpoints.listProjects, { signal }),
  select: (page) => page.items,
});

export const credentialsQuery = queryOptions({
  queryKey: ["application-credentials"],
  queryFn: ({ signal }) => call(endpoints.listApplicationCredentials, { signal }),
  select: (page) => page.items,
});
