import { Skeleton, Tabs } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { resourceQuery } from "../api/inventory.ts";
import type { AnyRow } from "../api/rows.ts";
import { KINDS } from "../paths/kinds.ts";
import type { Column } from "../tables/column.ts";
import { columnsOf } from "../tables/columns/by-kind.ts";
import { Age } from "../ui/age.tsx";
import { Fact, Facts } from "../ui/facts.tsx";
import { Page } from "../ui/page.tsx";
import { ProblemBox } from "../ui/problem-box.tsx";
import { RawJson } from "../ui/raw-json.tsx";
import { StateMark } from "../ui/state-mark.tsx";
import { resourceState } from "../ui/states.ts";

const route = getRouteApi("/shell/$kind/$site/$id");

/** One resource of any kind but a server: what its list can say of it, and the site's own JSON. */
export function ResourcePage() {
  const { kind, site, id } = route.useParams();
  const { tab = "facts" } = route.useSearch();
  const navigate = route.useNavigate();
  const resource = useQuery(resourceQuery(kind, site, id));
  const { title, one } = KINDS[kind];
  const trail = (
    <>
      <Link to="/$kind" params={{ kind }}>
        {title}
      </Link>
      <span>/</span>
      <Link to="/sites/$name" params={{ name: site }}>
        {site}
      </Link>
    </>
  );
  if (resource.isError || !resource.data) {
    return (
      <Page title={one.charAt(0).toUpperCase() + one.slice(1)} trail={trail}>
        {resource.isError ? (
          <ProblemBox problem={resource.error} retry={() => void resource.refetch()} />
        ) : (
          <Skeleton height={300} />
        )}
      </Page>
    );
  }
  // the contract leaves the item of this path open; its columns know what their own kind has
  const row = resource.data.item as unknown as AnyRow;
  const columns = columnsOf(kind) as unknown as readonly Column<AnyRow>[];
  return (
    <Page
      title={row.name || row.id}
      trail={trail}
      aside={row.status !== null && <StateMark state={resourceState(row.status)} pill />}
    >
      <Tabs
        value={tab}
        keepMounted={false}
        onChange={(next) => void navigate({ search: next === "json" ? { tab: next } : {}, replace: true })}
      >
        <Tabs.List mb="md">
          <Tabs.Tab value="facts">Facts</Tabs.Tab>
          <Tabs.Tab value="json">JSON</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="facts" maw={680}>
          <Facts>
            {columns
              .filter(({ id: column }) => column !== "name" && column !== "status")
              .map((column) => (
                <Fact key={column.id} name={column.title}>
                  {column.cell(row)}
                </Fact>
              ))}
            <Fact name="As of">
              <Age at={row.as_of} />
            </Fact>
          </Facts>
        </Tabs.Panel>
        <Tabs.Panel value="json">
          <RawJson value={resource.data.raw} label={`As ${site} has it`} />
        </Tabs.Panel>
      </Tabs>
    </Page>
  );
}
