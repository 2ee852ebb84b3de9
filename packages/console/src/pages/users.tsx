import { Badge, Button, Skeleton, Table } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { User } from "@uniview/api";
import { useState } from "react";
import { call, endpoints } from "../api/client.ts";
import { sessionQuery, usersQuery } from "../api/identity.ts";
import { CreateUser } from "../forms/create-user.tsx";
import { Age } from "../ui/age.tsx";
import { ConfirmButton } from "../ui/confirm-button.tsx";
import { Page } from "../ui/page.tsx";
import { ProblemBox } from "../ui/problem-box.tsx";

export function UsersPage() {
  const users = useQuery(usersQuery);
  const session = useQuery(sessionQuery);
  const [creating, setCreating] = useState(false);
  return (
    <Page title="Users" actions={<Button onClick={() => setCreating(true)}>Create a user</Button>}>
      <CreateUser opened={creating} onClose={() => setCreating(false)} />
      {users.isError && <ProblemBox problem={users.error} retry={() => void users.refetch()} />}
      {users.isPending && <Skeleton height={140} />}
      {users.data && (
        <Table.ScrollContainer minWidth={480} type="native">
          <Table aria-label="Users" verticalSpacing={8} fz="sm">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Name</Table.Th>
                <Table.Th>Role</Table.Th>
                <Table.Th>Created</Table.Th>
                <Table.Th w={90} aria-label="Actions" />
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {users.data.map((user) => (
                <Row key={user.id} user={user} self={user.id === session.data?.user.id} />
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
    </Page>
  );
}

function Row({
  user: { id, name, role, created_at },
  self,
}: {
  readonly user: User;
  readonly self: boolean;
}) {
  const queries = useQueryClient();
  const remove = useMutation({
    mutationFn: () => call(endpoints.deleteUser, { params: { id } }),
    onSuccess: () => queries.invalidateQueries({ queryKey: usersQuery.queryKey }),
  });
  return (
    <Table.Tr>
      <Table.Td fw={550}>
        {name}{" "}
        {self && (
          <Badge variant="default" tt="none" fw={450} ml={4}>
            you
          </Badge>
        )}
      </Table.Td>
      <Table.Td>{role === "administrator" ? "Administrator" : "User"}</Table.Td>
      <Table.Td>
        <Age at={created_at} />
      </Table.Td>
      <Table.Td>
        {!self && (
          <ConfirmButton
            size="compact-sm"
            variant="default"
            title={`Delete the user ${name}?`}
            body="Their sessions, tokens and grants end at once. Their jobs go on, and stay in the records."
            confirm="Delete the user"
            danger
            onConfirm={() => remove.mutateAsync()}
            pending={remove.isPending}
            problem={remove.error}
          >
            Delete
          </ConfirmButton>
        )}
      </Table.Td>
    </Table.Tr>
  );
}
