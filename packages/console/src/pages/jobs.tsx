import { Group } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import type { JobStatus } from "@uniview/api";
import { useCallback } from "react";
import { OPEN_STATUSES } from "../api/jobs.ts";
import { sitesQuery } from "../api/sites.ts";
import type { JobsSearch } from "../paths/jobs-search.ts";
import { FilterChip } from "../tables/filter-chip.tsx";
import { JobsTable } from "../tables/jobs-table.tsx";
import { SearchBox } from "../tables/search-box.tsx";
import { Empty } from "../ui/empty.tsx";
import { Page } from "../ui/page.tsx";
import { JOB_STATES } from "../ui/states.ts";

const route = getRouteApi("/shell/jobs");

const STATUSES = [
  { value: OPEN_STATUSES, label: "Not ended" },
  ...(Object.keys(JOB_STATES) as JobStatus[]).map((status) => ({
    value: status,
    label: JOB_STATES[status].word,
  })),
];

export function JobsPage() {
  const { status, site, q = "" } = route.useSearch();
  const navigate = route.useNavigate();
  const sites = useQuery(sitesQuery);
  const change = useCallback(
    (part: { [Key in keyof JobsSearch]: JobsSearch[Key] | undefined }) =>
      void navigate({ search: (before) => ({ ...before, ...part }) as JobsSearch, replace: true }),
    [navigate],
  );
  const search = useCallback((text: string) => change({ q: text || undefined }), [change]);
  return (
    <Page title="Jobs" fill>
      <Group gap={8}>
        <SearchBox label="Search jobs" hint="title, id or owner" value={q} onChange={search} />
        <FilterChip
          name="Status"
          value={status}
          choices={STATUSES}
          onChange={(value) => change({ status: value ?? undefined })}
        />
        <FilterChip
          name="Site"
          value={site}
          choices={(sites.data ?? []).map(({ name }) => ({ value: name, label: name }))}
          onChange={(value) => change({ site: value ?? undefined })}
        />
      </Group>
      <JobsTable
        label="Jobs"
        filter={{ ...(status ? { status } : {}), ...(site ? { site } : {}) }}
        words={q}
        empty={
          status || site || q ? (
            <Empty title="No such job">Clear a filter to see more.</Empty>
          ) : (
            <Empty title="No job yet">
              Long work shows here: migrate a server from its page, and watch each step.
            </Empty>
          )
        }
      />
    </Page>
  );
}
