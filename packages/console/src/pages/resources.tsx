import { Button, Group, Text } from "@mantine/core";
import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import type { ResourceKind, Server } from "@uniview/api";
import { useCallback } from "react";
import { listQuery } from "../api/inventory.ts";
import type { AnyRow, RowPage } from "../api/rows.ts";
import { sitesQuery } from "../api/sites.ts";
import { KINDS } from "../paths/kinds.ts";
import { type ListSearch, shownColumns } from "../paths/list-search.ts";
import { filterValue, withFilter } from "../paths/search-terms.ts";
import type { Column } from "../tables/column.ts";
import { ColumnChooser } from "../tables/column-chooser.tsx";
import { columnsOf, STATUSES } from "../tables/columns/by-kind.ts";
import { DataTable } from "../tables/data-table.tsx";
import { FilterChip } from "../tables/filter-chip.tsx";
import { SearchBox } from "../tables/search-box.tsx";
import { Empty } from "../ui/empty.tsx";
import { Page } from "../ui/page.tsx";
import { ProblemBox } from "../ui/problem-box.tsx";
import { ServerMenu } from "../ui/server-menu.tsx";
import { SiteStrip } from "../ui/site-strip.tsx";
import { resourceState } from "../ui/states.ts";
import { countText } from "../ui/units.ts";

const USUAL_SORT = "name";
const HINTS: Partial<Record<ResourceKind, string>> = {
  servers: "web site:zed status:active 10.0.0.",
};

const route = getRouteApi("/shell/$kind");

/** The list of every kind of resource, over all sites: only the columns differ. */
export function ResourcesPage() {
  const { kind } = route.useParams();
  const { q = "", sort = USUAL_SORT, columns: chosen } = route.useSearch();
  const navigate = route.useNavigate();
  const words = KINDS[kind];
  const list = useInfiniteQuery({ ...listQuery(kind, { q, sort }), placeholderData: keepPreviousData });
  const joined = useQuery(sitesQuery);

  const change = useCallback(
    (search: { [Key in keyof ListSearch]: ListSearch[Key] | undefined }, replace = false) =>
      void navigate({ search: (before) => ({ ...before, ...search }) as ListSearch, replace }),
    [navigate],
  );
  const search = useCallback((text: string) => change({ q: text || undefined }, true), [change]);
  const filter = (field: string) => (value: string | null) =>
    change({ q: withFilter(q, field, value) || undefined });

  const pages: RowPage<AnyRow>[] = list.data?.pages ?? [];
  const rows = pages.flatMap((page) => page.items);
  const sites = pages[0]?.sites ?? [];
  const total = pages[0]?.total;
  const all = columnsOf(kind) as unknown as readonly Column<AnyRow>[];
  const ids = shownColumns(all, chosen);
  const load = list.fetchNextPage;
  const loadMore = useCallback(() => void load(), [load]);

  return (
    <Page
      fill
      title={words.title}
      aside={
        total && (
          <Text size="sm" c="dimmed" aria-live="polite">
            {total.exact ? "" : "about "}
            {countText(total.count)}
          </Text>
        )
      }
    >
      <Group gap="xs">
        <SearchBox
          label={`Search ${words.many}`}
          hint={HINTS[kind] ?? "name, id, site:… status:…"}
          value={q}
          onChange={search}
        />
        <ColumnChooser columns={all} shown={ids} onChange={(columns) => change({ columns })} />
      </Group>
      <Group gap={6} wrap="nowrap" style={{ overflowX: "auto", scrollbarWidth: "none" }}>
        <FilterChip
          name="Site"
          value={filterValue(q, "site")}
          choices={(joined.data ?? []).map(({ name }) => ({ value: name, label: name }))}
          onChange={filter("site")}
        />
        {STATUSES[kind].length > 0 && (
          <FilterChip
            name="Status"
            value={filterValue(q, "status")}
            choices={STATUSES[kind].map((status) => ({ value: status, label: resourceState(status).word }))}
            onChange={filter("status")}
          />
        )}
        <SiteStrip sites={sites} chosen={filterValue(q, "site")} onChoose={filter("site")} />
      </Group>
      {list.isError ? (
        <ProblemBox problem={list.error} retry={() => void list.refetch()} />
      ) : (
        <DataTable
          key={kind}
          label={words.title}
          columns={all.filter((column) => ids.includes(column.id))}
          rows={rows}
          keyOf={(row) => `${row.site}/${row.id}/${row.project_id}`}
          onOpen={({ site, id }) => void navigate({ to: "/$kind/$site/$id", params: { kind, site, id } })}
          sort={sort}
          onSort={(field) => change({ sort: field === USUAL_SORT ? undefined : field })}
          {...(kind === "servers" ? { actions: (row: AnyRow) => <ServerMenu server={row as Server} /> } : {})}
          loading={list.isPending}
          more={{ there: list.hasNextPage, loading: list.isFetchingNextPage, load: loadMore }}
          empty={
            <NoRows
              kind={kind}
              searched={q !== ""}
              noSites={joined.data?.length === 0}
              onClear={() => search("")}
            />
          }
        />
      )}
    </Page>
  );
}

interface NoRowsProps {
  readonly kind: ResourceKind;
  readonly searched: boolean;
  readonly noSites: boolean;
  readonly onClear: () => void;
}

function NoRows({ kind, searched, noSites, onClear }: NoRowsProps) {
  const { many } = KINDS[kind];
  if (noSites) {
    return (
      <Empty
        title="No site yet"
        action={
          <Button component={Link} to="/sites/add">
            Add a site
          </Button>
        }
      >
        Add the first OpenStack site with what its clouds.yaml holds; its {many} show here a few seconds
        later.
      </Empty>
    );
  }
  if (searched) {
    return (
      <Empty
        title={`No ${many} match`}
        action={
          <Button variant="default" onClick={onClear}>
            Clear the search
          </Button>
        }
      >
        Every word must occur; <span className="mono">field:value</span> narrows, a{" "}
        <span className="mono">-</span> before a term excludes.
      </Empty>
    );
  }
  return <Empty title={`No ${many}`}>None of your projects has any, at any site.</Empty>;
}
