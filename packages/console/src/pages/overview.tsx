import { Button, SimpleGrid, Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { sitesQuery } from "../api/sites.ts";
import { JobsGlance } from "../tables/jobs-glance.tsx";
import { Sick } from "../tables/sick.tsx";
import { Empty } from "../ui/empty.tsx";
import { Page, Section } from "../ui/page.tsx";
import { ProblemBox } from "../ui/problem-box.tsx";
import { SiteCard } from "../ui/site-card.tsx";

/** How the sites do, what is at work, what needs a person. */
export function OverviewPage() {
  const sites = useQuery(sitesQuery);
  if (sites.data?.length === 0) {
    return (
      <Page title="Overview">
        <Empty
          title="Add the first site"
          action={
            <Button component={Link} to="/sites/add">
              Add a site
            </Button>
          }
        >
          A site is one OpenStack as it is: nothing is installed in it. Paste its clouds.yaml, and everything
          that its project holds shows here a few seconds later.
        </Empty>
      </Page>
    );
  }
  return (
    <Page title="Overview">
      {sites.isError && <ProblemBox problem={sites.error} retry={() => void sites.refetch()} />}
      <Section title="Sites" aside={<Link to="/sites/add">Add a site</Link>}>
        <SimpleGrid cols={{ base: 1, md: 2, xl: 3 }} spacing="md">
          {sites.isPending && [1, 2].map((place) => <Skeleton key={place} height={190} radius="md" />)}
          {sites.data?.map((site) => (
            <SiteCard key={site.id} site={site} />
          ))}
        </SimpleGrid>
      </Section>
      <SimpleGrid cols={{ base: 1, lg: 2 }} spacing={40} verticalSpacing="lg" mt="sm">
        <Section
          title="Needs a look"
          aside={
            <Link to="/$kind" params={{ kind: "servers" }} search={{ q: "status:error" }}>
              Servers in error
            </Link>
          }
        >
          <Sick />
        </Section>
        <Section title="Jobs" aside={<Link to="/jobs">All jobs</Link>}>
          <JobsGlance />
        </Section>
      </SimpleGrid>
    </Page>
  );
}
