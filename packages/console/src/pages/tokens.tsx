import { Button, Skeleton, Table, Text } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { ApiToken, CreatedToken } from "@uniview/api";
import { useState } from "react";
import { call, endpoints } from "../api/client.ts";
import { tokensQuery } from "../api/identity.ts";
import { CreateToken } from "../forms/create-token.tsx";
import { TokenOnce } from "../forms/token-once.tsx";
import { Age } from "../ui/age.tsx";
import { ConfirmButton } from "../ui/confirm-button.tsx";
import { Empty } from "../ui/empty.tsx";
import { Page } from "../ui/page.tsx";
import { ProblemBox } from "../ui/problem-box.tsx";

export function TokensPage() {
  const tokens = useQuery(tokensQuery);
  const [creating, setCreating] = useState(false);
  const [created, setCreated] = useState<(typeof CreatedToken)["_output"]>();
  const create = <Button onClick={() => setCreating(true)}>Create a token</Button>;
  return (
    <Page title="API tokens" actions={tokens.data?.length !== 0 && create}>
      <Text size="sm" c="dimmed" maw={640}>
        A token signs the command line and your scripts in as you, with everything that you may do.
      </Text>
      {created && <TokenOnce token={created} onClose={() => setCreated(undefined)} />}
      <CreateToken opened={creating} onClose={() => setCreating(false)} onCreated={setCreated} />
      {tokens.isError && <ProblemBox problem={tokens.error} retry={() => void tokens.refetch()} />}
      {tokens.isPending && <Skeleton height={140} />}
      {tokens.data?.length === 0 && (
        <Empty title="No token yet" action={create}>
          The command line asks for one: <span className="mono">uniview login</span> makes it by itself, too.
        </Empty>
      )}
      {tokens.data && tokens.data.length > 0 && (
        <Table.ScrollContainer minWidth={560} type="native">
          <Table aria-label="API tokens" verticalSpacing={8} fz="sm">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Name</Table.Th>
                <Table.Th>Created</Table.Th>
                <Table.Th>Last used</Table.Th>
                <Table.Th>Ends</Table.Th>
                <Table.Th w={90} aria-label="Actions" />
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {tokens.data.map((token) => (
                <Row key={token.id} token={token} />
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
    </Page>
  );
}

function Row({ token: { id, name, created_at, last_used_at, expires_at } }: { readonly token: ApiToken }) {
  const queries = useQueryClient();
  const revoke = useMutation({
    mutationFn: () => call(endpoints.deleteToken, { params: { id } }),
    onSuccess: () => queries.invalidateQueries({ queryKey: tokensQuery.queryKey }),
  });
  return (
    <Table.Tr>
      <Table.Td fw={550}>{name}</Table.Td>
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
          title={`Revoke the token ${name}?`}
          body="Whatever uses it is signed out at once. This cannot be undone."
          confirm="Revoke the token"
          danger
          onConfirm={() => revoke.mutateAsync()}
          pending={revoke.isPending}
          problem={revoke.error}
        >
          Revoke
        </ConfirmButton>
      </Table.Td>
    </Table.Tr>
  );
}
