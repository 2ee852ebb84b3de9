import { useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import type { Job } from "@uniview/api";
import { type ReactNode, useCallback } from "react";
import { type JobFilter, jobsQuery } from "../api/jobs.ts";
import { ProblemBox } from "../ui/problem-box.tsx";
import { jobColumns } from "./columns/jobs.tsx";
import { DataTable } from "./data-table.tsx";

interface JobsTableProps {
  readonly filter: JobFilter;
  readonly label: string;
  readonly empty: ReactNode;
  /** Words that a job's title must hold: looked for in the rows that are here. */
  readonly words?: string;
}

export function JobsTable({ filter, label, empty, words = "" }: JobsTableProps) {
  const jobs = useInfiniteQuery(jobsQuery(filter));
  const navigate = useNavigate();
  const load = jobs.fetchNextPage;
  const loadMore = useCallback(() => void load(), [load]);
  if (jobs.isError) return <ProblemBox problem={jobs.error} retry={() => void jobs.refetch()} />;
  const rows = jobs.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <DataTable
      label={label}
      columns={jobColumns}
      rows={rows.filter((job) => holds(job, words))}
      keyOf={(job) => job.id}
      onOpen={({ id }) => void navigate({ to: "/jobs/$id", params: { id } })}
      loading={jobs.isPending}
      more={{ there: jobs.hasNextPage, loading: jobs.isFetchingNextPage, load: loadMore }}
      empty={empty}
    />
  );
}

function holds({ title, id, owner }: Job, words: string): boolean {
  const text = `${title} ${id} ${owner}`.toLowerCase();
  return words
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}
