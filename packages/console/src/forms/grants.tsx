import { ActionIcon, Button, Group, Select, Skeleton, Stack, Table, Text, Tooltip } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { SiteProject } from "@uniview/api";
import { type FormEvent, useState } from "react";
import { call, endpoints } from "../api/client.ts";
import { usersQuery } from "../api/identity.ts";
import { grantsQuery } from "../api/sites.ts";
import { Age } from "../ui/age.tsx";
import { ProblemBox } from "../ui/problem-box.tsx";

interface GrantsProps {
  readonly site: string;
  readonly projects: readonly SiteProject[];
}

/** Who may use which project of a site. */
export function Grants({ site, projects }: GrantsProps) {
  const queries = useQueryClient();
  const grants = useQuery(grantsQuery(site));
  const take = useMutation({
    mutationFn: (id: string) => call(endpoints.deleteGrant, { params: { name: site, id } }),
    onSettled: () => queries.invalidateQueries({ queryKey: ["sites", site] }),
  });
  if (grants.isError) return <ProblemBox problem={grants.error} retry={() => void grants.refetch()} />;
  if (!grants.data) return <Skeleton height={160} />;
  return (
    <Stack gap="md" maw={760}>
      <Text size="sm" c="dimmed">
        A grant lets a user of Uniview use a project of this site with the credential that Uniview holds for
        it.
      </Text>
      {take.isError && <ProblemBox problem={take.error} />}
      <Table aria-label="Grants" verticalSpacing={6} fz="sm">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>User</Table.Th>
            <Table.Th>Project</Table.Th>
            <Table.Th>Since</Table.Th>
            <Table.Th w={40} aria-label="Actions" />
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {grants.data.map((grant) => (
            <Table.Tr key={grant.id}>
              <Table.Td>{grant.user_name}</Table.Td>
              <Table.Td>{grant.project_name}</Table.Td>
              <Table.Td>
                <Age at={grant.created_at} />
              </Table.Td>
              <Table.Td>
                <Tooltip label="Take the grant back">
                  <ActionIcon
                    variant="subtle"
                    color="gray"
                    aria-label={`Take back the grant of ${grant.user_name} on ${grant.project_name}`}
                    onClick={() => take.mutate(grant.id)}
                  >
                    <IconX size={15} />
                  </ActionIcon>
                </Tooltip>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      <NewGrant site={site} projects={projects} />
    </Stack>
  );
}

function NewGrant({ site, projects }: GrantsProps) {
  const queries = useQueryClient();
  const users = useQuery(usersQuery);
  const [user, setUser] = useState<string | null>(null);
  const [project, setProject] = useState<string | null>(projects[0]?.id ?? null);
  const give = useMutation({
    mutationFn: (body: { user_name: string; project_id: string }) =>
      call(endpoints.createGrant, { params: { name: site }, body }),
    onSuccess: async () => {
      setUser(null);
      await queries.invalidateQueries({ queryKey: ["sites", site] });
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (user && project) give.mutate({ user_name: user, project_id: project });
  };
  return (
    <form onSubmit={submit}>
      <Group align="flex-end" gap="sm">
        <Select
          label="User"
          placeholder="Choose"
          data={(users.data ?? []).map(({ name }) => name)}
          value={user}
          onChange={setUser}
          searchable
        />
        <Select
          label="Project"
          data={projects.map(({ id, name }) => ({ value: id, label: name }))}
          value={project}
          onChange={setProject}
        />
        <Button type="submit" loading={give.isPending} disabled={!user || !project}>
          Grant
        </Button>
      </Group>
      {give.isError && <ProblemBox problem={give.error} />}
    </form>
  );
}
