import { Group, Skeleton, Switch, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useCallback } from "react";
import { capabilitiesQuery } from "../api/capabilities.ts";
import type { CapabilitiesSearch } from "../paths/capabilities-search.ts";
import { CapabilityMatrix } from "../tables/capability-matrix.tsx";
import { narrowMatrix } from "../tables/narrow-matrix.ts";
import { SearchBox } from "../tables/search-box.tsx";
import { CapabilityChanges } from "../ui/capability-changes.tsx";
import { Empty } from "../ui/empty.tsx";
import { Page, Section } from "../ui/page.tsx";
import { ProblemBox } from "../ui/problem-box.tsx";
import { amountText } from "../ui/units.ts";

const route = getRouteApi("/shell/capabilities");

/** Changes above the table; a site's own page has more. */
const CHANGES_SHOWN = 4;

export function CapabilitiesPage() {
  const asked = route.useSearch();
  const navigate = route.useNavigate();
  const matrix = useQuery(capabilitiesQuery);
  const change = useCallback(
    (part: { [Key in keyof CapabilitiesSearch]: CapabilitiesSearch[Key] | undefined }) =>
      void navigate({ search: (before) => ({ ...before, ...part }) as CapabilitiesSearch, replace: true }),
    [navigate],
  );
  const search = useCallback((text: string) => change({ q: text || undefined }), [change]);
  const shown = matrix.data && narrowMatrix(matrix.data, asked);
  const waiting = matrix.data?.columns.filter(({ probed_at }) => probed_at === null) ?? [];
  const troubled = matrix.data?.columns.filter(({ problems }) => problems.length > 0) ?? [];
  return (
    <Page title="What works where" trail={<Link to="/sites">Sites</Link>} fill>
      <Group gap={12}>
        <SearchBox
          label="Search capabilities"
          hint="snapshot, or site:name"
          value={asked.q ?? ""}
          onChange={search}
        />
        <Switch
          label="Only differences"
          checked={asked.only === "differences"}
          onChange={(event) => change({ only: event.currentTarget.checked ? "differences" : undefined })}
        />
      </Group>
      {matrix.isError && <ProblemBox problem={matrix.error} retry={() => void matrix.refetch()} />}
      {matrix.data && matrix.data.changes.length > 0 && (
        <Section title="What changed">
          <CapabilityChanges changes={matrix.data.changes.slice(0, CHANGES_SHOWN)} />
        </Section>
      )}
      {waiting.length > 0 && (
        <Text size="sm" c="dimmed">
          Not probed yet: {waiting.map(({ site, project_name }) => `${site} (${project_name})`).join(", ")}.
          That happens by itself within a minute of joining.
        </Text>
      )}
      {troubled.length > 0 && (
        <Text size="sm" c="dimmed">
          The last probe did not see everything of {troubled.map(({ site }) => site).join(", ")}: what was
          known before is shown.
        </Text>
      )}
      {matrix.isPending && <Skeleton height={420} />}
      {shown && shown.rows.length > 0 && <CapabilityMatrix columns={shown.columns} rows={shown.rows} />}
      {shown && shown.more > 0 && (
        <Text size="sm" c="dimmed">
          {amountText(shown.more, "more project")}: choose sites by <span className="mono">site:name</span>.
        </Text>
      )}
      {shown?.rows.length === 0 && (
        <Nothing is_narrowed={asked.q !== undefined || asked.only !== undefined} />
      )}
    </Page>
  );
}

function Nothing({ is_narrowed }: { readonly is_narrowed: boolean }) {
  return is_narrowed ? (
    <Empty title="Nothing like that">Clear the search or show more than differences.</Empty>
  ) : (
    <Empty title="Nothing known yet">
      Sites are probed soon after they were joined, without changing anything there.
    </Empty>
  );
}
