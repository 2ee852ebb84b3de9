import { Table } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { ApplicationCredential } from "@uniview/api";
import { call, endpoints } from "../api/client.ts";
import { credentialsQuery } from "../api/gateway.ts";
import { Age } from "./age.tsx";
import { ConfirmButton } from "./confirm-button.tsx";

export function CredentialsTable({
  credentials,
}: {
  readonly credentials: readonly ApplicationCredential[];
}) {
  return (
    <Table.ScrollContainer minWidth={640} type="native">
      <Table aria-label="Application credentials" verticalSpacing={8} fz="sm">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Name</Table.Th>
            <Table.Th>Project</Table.Th>
            <Table.Th>Created</Table.Th>
            <Table.Th>Last used</Table.Th>
            <Table.Th>Ends</Table.Th>
            <Table.Th w={90} aria-label="Actions" />
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {credentials.map((credential) => (
            <Row key={credential.id} credential={credential} />
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function Row({ credential }: { readonly credential: ApplicationCredential }) {
  const { id, name, project, created_at, last_used_at, expires_at } = credential;
  const queries = useQueryClient();
  const remove = useMutation({
    mutationFn: () => call(endpoints.deleteApplicationCredential, { params: { id } }),
    onSuccess: () => queries.invalidateQueries({ queryKey: credentialsQuery.queryKey }),
  });
  return (
    <Table.Tr>
      <Table.Td fw={550}>{name}</Table.Td>
      <Table.Td>{project.name}</Table.Td>
      <Table.Td>
        <Age at={created_at} />
      </Table.Td>
      <Table.Td>
        <Age at={last_used_at} />
      </Table.Td>
      <Table.Td>
        <Age at={expires_at} />
      </Table.Td>
      <Table.Td>
        <ConfirmButton
          size="compact-sm"
          variant="default"
          title={`Delete the application credential ${name}?`}
          body="Whatever uses it is signed out at once. This cannot be undone."
          confirm="Delete the credential"
          danger
          onConfirm={() => remove.mutateAsync()}
          pending={remove.isPending}
          problem={remove.error}
        >
          Delete
        </ConfirmButton>
      </Table.Td>
    </Table.Tr>
  );
}
