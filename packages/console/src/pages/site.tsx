import { Button, Skeleton, Stack, Tabs, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconRefresh } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { call, endpoints } from "../api/client.ts";
import { sessionQuery } from "../api/identity.ts";
import { siteQuery } from "../api/sites.ts";
import { Grants } from "../forms/grants.tsx";
import { RemoveSite } from "../forms/remove-site.tsx";
import { Age } from "../ui/age.tsx";
import { Copyable } from "../ui/copyable.tsx";
import { DiscoveryTable } from "../ui/discovery-table.tsx";
import { Fact, Facts } from "../ui/facts.tsx";
import { Limitations } from "../ui/limitations.tsx";
import { Page, Section } from "../ui/page.tsx";
import { ProblemBox } from "../ui/problem-box.tsx";
import { SiteCapabilities } from "../ui/site-capabilities.tsx";
import { SiteProjects } from "../ui/site-projects.tsx";
import { StateMark } from "../ui/state-mark.tsx";
import { SITE_STATES } from "../ui/states.ts";
import { durationText } from "../ui/units.ts";

const route = getRouteApi("/shell/sites/$name");

export function SitePage() {
  const { name } = route.useParams();
  const { tab = "services" } = route.useSearch();
  const navigate = route.useNavigate();
  const queries = useQueryClient();
  const site = useQuery(siteQuery(name));
  const session = useQuery(sessionQuery);
  const check = useMutation({
    mutationFn: () => call(endpoints.checkSite, { params: { name } }),
    onSuccess: (checked) => {
      queries.setQueryData(siteQuery(name).queryKey, checked);
      notifications.show({
        message: `${name}: discovered again in ${durationText(checked.discovery.took_ms / 1000)}.`,
      });
    },
  });
  const trail = <Link to="/sites">Sites</Link>;

  if (site.isError) {
    return (
      <Page title={name} trail={trail}>
        <ProblemBox problem={site.error} retry={() => void site.refetch()} />
      </Page>
    );
  }
  if (!site.data) {
    return (
      <Page title={name} trail={trail}>
        <Skeleton height={90} />
        <Skeleton height={320} />
      </Page>
    );
  }
  const { state, discovery, projects, problem, unreachable_since } = site.data;
  return (
    <Page
      title={name}
      trail={trail}
      aside={<StateMark state={SITE_STATES[state]} pill />}
      actions={
        <>
          <Button
            variant="default"
            leftSection={<IconRefresh size={15} />}
            loading={check.isPending}
            onClick={() => check.mutate()}
          >
            Check again
          </Button>
          <RemoveSite site={site.data} />
        </>
      }
    >
      {problem && <ProblemBox problem={problem} />}
      {check.isError && <ProblemBox problem={check.error} title="The check failed" />}
      <Facts columns>
        <Fact name="Release">{discovery.release.label}</Fact>
        <Fact name="Inventory read">
          <Age at={site.data.as_of} never="not yet" />
        </Fact>
        {unreachable_since && (
          <Fact name="Unreachable since">
            <Age at={unreachable_since} />
          </Fact>
        )}
        {state !== "unreachable" && site.data.latency_ms !== null && (
          <Fact name="Identity answers in">{Math.round(site.data.latency_ms)} ms</Fact>
        )}
        <Fact name="Region">{site.data.region_name}</Fact>
        <Fact name="Interface">{site.data.interface}</Fact>
        <Fact name="Joined">
          <Age at={site.data.joined_at} />
        </Fact>
        {discovery.certificate_expires_at && (
          <Fact name="Certificate ends">
            <Age at={discovery.certificate_expires_at} />
          </Fact>
        )}
        <Fact name="Identity URL" wide>
          <Copyable value={site.data.auth_url} what="identity URL" />
        </Fact>
        <Fact name="Evidence of the release" wide>
          {discovery.release.evidence}
        </Fact>
      </Facts>
      <Tabs
        value={tab}
        keepMounted={false}
        onChange={(next) =>
          void navigate({ search: next === "services" || next === null ? {} : { tab: next }, replace: true })
        }
      >
        <Tabs.List mb="md">
          <Tabs.Tab value="services">Services</Tabs.Tab>
          <Tabs.Tab value="capabilities">What works here, and how</Tabs.Tab>
          <Tabs.Tab value="projects">Projects and credentials</Tabs.Tab>
          {session.data?.user.role === "administrator" && <Tabs.Tab value="grants">Grants</Tabs.Tab>}
        </Tabs.List>
        <Tabs.Panel value="services">
          <Stack gap="lg">
            <DiscoveryTable services={discovery.services} past={state === "unreachable"} />
            <Section
              title="What is different here"
              aside={
                <Text size="xs" c="dimmed">
                  discovered <Age at={discovery.discovered_at} />
                </Text>
              }
            >
              <Limitations limitations={discovery.limitations} />
            </Section>
          </Stack>
        </Tabs.Panel>
        <Tabs.Panel value="capabilities">
          <SiteCapabilities site={name} />
        </Tabs.Panel>
        <Tabs.Panel value="projects">
          <SiteProjects projects={projects} />
        </Tabs.Panel>
        <Tabs.Panel value="grants">
          <Grants site={name} projects={projects} />
        </Tabs.Panel>
      </Tabs>
    </Page>
  );
}
