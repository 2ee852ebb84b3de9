import { Button, Select, Skeleton, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import type { CreatedApplicationCredential, Project } from "@uniview/api";
import { authUrlOf } from "@uniview/api/client-files";
import { useState } from "react";
import { credentialsQuery, projectsQuery } from "../api/gateway.ts";
import { CreateCredential } from "../forms/create-credential.tsx";
import type { ToolsSearch } from "../paths/tools-search.ts";
import { Copyable } from "../ui/copyable.tsx";
import { CredentialsTable } from "../ui/credentials-table.tsx";
import { Empty } from "../ui/empty.tsx";
import { Fact, Facts } from "../ui/facts.tsx";
import { Page, Section } from "../ui/page.tsx";
import { ProblemBox } from "../ui/problem-box.tsx";
import { ToolFiles } from "../ui/tool-files.tsx";

const route = getRouteApi("/shell/tools");

/** How OpenStack's own clients reach every site through Uniview. */
export function ToolsPage() {
  const search = route.useSearch();
  const projects = useQuery(projectsQuery);
  const usable = projects.data?.filter(({ sites }) => sites.length > 0);
  const project = usable?.find(({ id }) => id === search.project) ?? usable?.[0];
  return (
    <Page title="Use it from your tools">
      <Text size="sm" c="dimmed" maw={680}>
        The OpenStack command line, openstacksdk, Ansible and Terraform work with Uniview as they are: one
        credential for all sites of a project, and each site is a region.
      </Text>
      {projects.isError && <ProblemBox problem={projects.error} retry={() => void projects.refetch()} />}
      {projects.isPending && <Skeleton height={320} />}
      {usable && !project && (
        <Empty
          title="No project yet"
          action={
            <Button component={Link} to="/sites/add">
              Add a site
            </Button>
          }
        >
          Joining a site makes the project of its name; then your tools can reach it here.
        </Empty>
      )}
      {usable && project && <OfProject project={project} projects={usable} search={search} />}
    </Page>
  );
}

interface OfProjectProps {
  readonly project: Project;
  readonly projects: readonly Project[];
  readonly search: ToolsSearch;
}

function OfProject({ project, projects, search }: OfProjectProps) {
  const navigate = route.useNavigate();
  const credentials = useQuery(credentialsQuery);
  const [creating, setCreating] = useState(false);
  const [created, setCreated] = useState<CreatedApplicationCredential>();
  const show = (change: ToolsSearch) => void navigate({ search: { ...search, ...change }, replace: true });
  const create = <Button onClick={() => setCreating(true)}>Create a credential</Button>;
  const shown = created?.project.id === project.id ? created : undefined;
  return (
    <>
      {projects.length > 1 && (
        <Select
          label="Project"
          data={projects.map(({ id, name }) => ({ value: id, label: name }))}
          value={project.id}
          onChange={(id) => void navigate({ search: { project: id ?? project.id }, replace: true })}
          allowDeselect={false}
          w={260}
        />
      )}
      <Facts columns>
        <Fact name="OS_AUTH_URL" wide>
          <Copyable value={authUrlOf(window.location.origin)} what="the address" />
        </Fact>
        <Fact name="Project">{project.name}</Fact>
        <Fact name="Regions">{[...project.sites.map(({ site }) => site), "global"].join(", ")}</Fact>
      </Facts>
      <Section title="Files for your clients" aside={!shown && create}>
        <ToolFiles
          project={project}
          created={shown}
          onKept={() => setCreated(undefined)}
          file={search.file ?? "clouds.yaml"}
          onFile={(file) => show({ file })}
          region={search.region}
          onRegion={(region) => show({ region })}
        />
      </Section>
      <CreateCredential
        project={project}
        opened={creating}
        onClose={() => setCreating(false)}
        onCreated={setCreated}
      />
      <Section title="Application credentials">
        {credentials.isError && (
          <ProblemBox problem={credentials.error} retry={() => void credentials.refetch()} />
        )}
        {credentials.isPending && <Skeleton height={120} />}
        {credentials.data?.length === 0 && (
          <Text size="sm" c="dimmed">
            None yet. One that you create puts its secret into the files above, once.
          </Text>
        )}
        {credentials.data && credentials.data.length > 0 && (
          <CredentialsTable credentials={credentials.data} />
        )}
      </Section>
    </>
  );
}
