import { Button, SimpleGrid, Skeleton } from "@mantine/core";
import { IconPlus, IconTableShare } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { sitesQuery } from "../api/sites.ts";
import { Empty } from "../ui/empty.tsx";
import { Page } from "../ui/page.tsx";
import { ProblemBox } from "../ui/problem-box.tsx";
import { SiteCard } from "../ui/site-card.tsx";
import { countText } from "../ui/units.ts";

export function SitesPage() {
  const sites = useQuery(sitesQuery);
  const add = (
    <Button component={Link} to="/sites/add" leftSection={<IconPlus size={16} />}>
      Add a site
    </Button>
  );
  return (
    <Page
      title="Sites"
      aside={sites.data && <span className="dim">{countText(sites.data.length)}</span>}
      actions={
        sites.data?.length !== 0 && (
          <>
            <Button
              component={Link}
              to="/capabilities"
              variant="default"
              leftSection={<IconTableShare size={16} />}
            >
              What works where
            </Button>
            {add}
          </>
        )
      }
    >
      {sites.isError && <ProblemBox problem={sites.error} retry={() => void sites.refetch()} />}
      {sites.data?.length === 0 && (
        <Empty title="No site yet" action={add}>
          A site is one OpenStack as it is: nothing is installed in it. Its clouds.yaml, an openrc or an
          application credential is all that Uniview needs, with the role member.
        </Empty>
      )}
      <SimpleGrid cols={{ base: 1, md: 2, xl: 3 }} spacing="md">
        {sites.isPending && [1, 2].map((place) => <Skeleton key={place} height={190} radius="md" />)}
        {sites.data?.map((site) => (
          <SiteCard key={site.id} site={site} />
        ))}
      </SimpleGrid>
    </Page>
  );
}
