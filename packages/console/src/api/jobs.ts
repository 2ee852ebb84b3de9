import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import type { JobStatus, PlanMigration } from "@uniview/api";
import { call, endpoints } from "./client.ts";

const PAGE_ROWS = 50;

/** Events carry every change; this is for the time when their connection is down. */
const RUNNING_REFRESH_MS = 5_000;

/** Until a job has ended it is worth looking at. */
const OPEN: readonly JobStatus[] = ["queued", "running", "waiting", "undoing"];
export const OPEN_STATUSES = OPEN.join(",");

export function isOpen(status: JobStatus): boolean {
  return OPEN.includes(status);
}

export interface JobFilter {
  readonly status?: string;
  readonly site?: string;
  readonly server_id?: string;
}

export function jobsQuery(filter: JobFilter) {
  return infiniteQueryOptions({
    queryKey: ["jobs", filter],
    queryFn: ({ pageParam, signal }) =>
      call(endpoints.listJobs, {
        query: { ...filter, limit: PAGE_ROWS, ...(pageParam === "" ? {} : { cursor: pageParam }) },
        signal,
      }),
    initialPageParam: "",
    getNextPageParam: (page: { next_cursor?: string | undefined }) => page.next_cursor,
    refetchInterval: RUNNING_REFRESH_MS,
  });
}

export function jobQuery(id: string) {
  return queryOptions({
    queryKey: ["job", id],
    queryFn: ({ signal }) => call(endpoints.getJob, { params: { id }, signal }),
    refetchInterval: ({ state }) => (state.data && !isOpen(state.data.status) ? false : RUNNING_REFRESH_MS),
  });
}

/** A plan is asked for, not stored: another choice is another plan, and the one before stays until it is there. */
export function planQuery(body: (typeof PlanMigration)["_input"]) {
  return queryOptions({
    queryKey: ["plan", body],
    queryFn: ({ signal }) => call(endpoints.planMigration, { body, signal }),
    placeholderData: keepPreviousData,
    staleTime: 0,
  });
}
