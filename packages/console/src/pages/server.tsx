import { Badge, Button, Group, SimpleGrid, Skeleton, Stack, Tabs } from "@mantine/core";
import { IconArrowsTransferUp, IconLock } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { serverQuery } from "../api/inventory.ts";
import { JobsOfServer } from "../tables/jobs-of-server.tsx";
import { Age } from "../ui/age.tsx";
import { Page, Section } from "../ui/page.tsx";
import { ProblemBox } from "../ui/problem-box.tsx";
import { RawJson } from "../ui/raw-json.tsx";
import { ServerButtons } from "../ui/server-buttons.tsx";
import { ServerFacts } from "../ui/server-facts.tsx";
import { ServerDisks, ServerPorts } from "../ui/server-parts.tsx";
import { StateMark } from "../ui/state-mark.tsx";
import { resourceState } from "../ui/states.ts";

const route = getRouteApi("/shell/servers/$site/$id");

export function ServerPage() {
  const { site, id } = route.useParams();
  const { tab = "overview" } = route.useSearch();
  const navigate = route.useNavigate();
  const server = useQuery(serverQuery(site, id));
  const trail = (
    <>
      <Link to="/$kind" params={{ kind: "servers" }}>
        Servers
      </Link>
      <span>/</span>
      <Link to="/sites/$name" params={{ name: site }}>
        {site}
      </Link>
    </>
  );
  if (server.isError) {
    return (
      <Page title="Server" trail={trail}>
        <ProblemBox problem={server.error} retry={() => void server.refetch()} />
      </Page>
    );
  }
  if (!server.data) {
    return (
      <Page title="…" trail={trail}>
        <Skeleton height={36} width={320} />
        <Skeleton height={300} />
      </Page>
    );
  }
  const { item, raw, volumes, ports, actions } = server.data;
  return (
    <Page
      title={item.name || item.id}
      trail={trail}
      aside={
        <Group gap={8} wrap="nowrap">
          <StateMark state={resourceState(item.status, item.task_state)} pill />
          {item.locked && (
            <Badge variant="default" leftSection={<IconLock size={11} />} tt="none" fw={500}>
              Locked
            </Badge>
          )}
        </Group>
      }
      actions={
        <>
          <ServerButtons server={item} actions={actions} />
          <Button
            component={Link}
            to={`/servers/${encodeURIComponent(site)}/${encodeURIComponent(id)}/migrate`}
            leftSection={<IconArrowsTransferUp size={16} />}
          >
            Migrate
          </Button>
        </>
      }
    >
      {item.fault && (
        <ProblemBox
          problem={{
            title: "Nova reports a fault",
            detail: item.fault,
            remedy: "Look at the server at its site; a reboot or a rebuild may help.",
          }}
        />
      )}
      <Tabs
        value={tab}
        keepMounted={false}
        onChange={(next) =>
          void navigate({ search: next === "overview" || next === null ? {} : { tab: next }, replace: true })
        }
      >
        <Tabs.List mb="md">
          <Tabs.Tab value="overview">Overview</Tabs.Tab>
          <Tabs.Tab value="jobs">Jobs</Tabs.Tab>
          <Tabs.Tab value="json">JSON</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="overview">
          <SimpleGrid cols={{ base: 1, lg: 2 }} spacing={40} verticalSpacing="lg">
            <Section
              title="Facts"
              aside={
                <span className="dim" style={{ fontSize: "var(--mantine-font-size-xs)" }}>
                  as of <Age at={item.as_of} />
                </span>
              }
            >
              <ServerFacts server={item} />
            </Section>
            <Stack gap="lg">
              <ServerDisks server={item} volumes={volumes} />
              <ServerPorts server={item} ports={ports} />
            </Stack>
          </SimpleGrid>
        </Tabs.Panel>
        <Tabs.Panel value="jobs">
          <JobsOfServer server_id={item.id} />
        </Tabs.Panel>
        <Tabs.Panel value="json">
          <RawJson value={raw} label={`As ${site} has it`} />
        </Tabs.Panel>
      </Tabs>
    </Page>
  );
}
