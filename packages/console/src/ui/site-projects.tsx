import { Table, Text } from "@mantine/core";
import type { SiteProject } from "@uniview/api";
import { Age } from "./age.tsx";
import { Copyable } from "./copyable.tsx";

/** The projects through which Uniview sees a site, and what it holds to sign in to each. */
export function SiteProjects({ projects }: { readonly projects: readonly SiteProject[] }) {
  return (
    <Table.ScrollContainer minWidth={760} type="native">
      <Table aria-label="Projects" verticalSpacing={8} fz="sm">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Project</Table.Th>
            <Table.Th>Domain</Table.Th>
            <Table.Th>User</Table.Th>
            <Table.Th>Roles</Table.Th>
            <Table.Th>Credential</Table.Th>
            <Table.Th>Ends</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {projects.map(({ id, name, domain_name, user_name, roles, credential }) => (
            <Table.Tr key={id}>
              <Table.Td>
                <Text size="sm" fw={550}>
                  {name}
                </Text>
                <Copyable value={id} what="project id" />
              </Table.Td>
              <Table.Td>{domain_name}</Table.Td>
              <Table.Td>{user_name}</Table.Td>
              <Table.Td>{roles.join(", ")}</Table.Td>
              <Table.Td>
                {credential.kind === "application_credential" ? "Application credential" : "Password, sealed"}
                <Text size="xs" c="dimmed">
                  {credential.note ??
                    (credential.minted ? "made by Uniview, removed with the site" : "given, left alone")}
                </Text>
              </Table.Td>
              <Table.Td>
                <Age at={credential.expires_at} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
