import { Button, Group, Modal, Skeleton, Stack, Text, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { call, endpoints } from "../api/client.ts";
import { secondFactorQuery } from "../api/identity.ts";
import { Copyable } from "../ui/copyable.tsx";
import { ProblemBox } from "../ui/problem-box.tsx";

interface SecondFactorProps {
  readonly opened: boolean;
  readonly onClose: () => void;
}

/** Begins or ends signing in with a code of one's phone. */
export function SecondFactor({ opened, onClose }: SecondFactorProps) {
  const state = useQuery({ ...secondFactorQuery, enabled: opened });
  return (
    <Modal opened={opened} onClose={onClose} title="Second factor">
      {state.isError && <ProblemBox problem={state.error} retry={() => void state.refetch()} />}
      {state.isPending && <Skeleton height={120} />}
      {state.data?.enrolled === true && (
        <ShowCode
          endpoint={endpoints.endSecondFactor}
          lead="Signing in needs your password and a code of your phone. To end that, show a code once more."
          word="Sign in without codes"
        />
      )}
      {state.data?.enrolled === false && <Begin />}
    </Modal>
  );
}

function Begin() {
  const begin = useMutation({ mutationFn: () => call(endpoints.beginSecondFactor) });
  if (begin.data) {
    return (
      <Stack gap="sm">
        <Text size="sm">
          Enter this key in your authenticator app as a time-based code, or open the link on the device that
          has the app.
        </Text>
        <Copyable value={begin.data.secret} what="the key" />
        <Text size="sm" component="a" href={begin.data.uri} c="var(--mantine-color-anchor)">
          Open in an authenticator app
        </Text>
        <ShowCode
          endpoint={endpoints.confirmSecondFactor}
          lead="Then show the first code: nothing changes before."
          word="Sign in with codes from now on"
        />
      </Stack>
    );
  }
  return (
    <Stack gap="sm">
      {begin.isError && <ProblemBox problem={begin.error} />}
      <Text size="sm">
        With a second factor your password alone opens nothing: signing in here and through OpenStack's own
        clients needs a code of your phone, too. Application credentials and API tokens work as before.
      </Text>
      <Group justify="flex-end">
        <Button onClick={() => begin.mutate()} loading={begin.isPending}>
          Begin
        </Button>
      </Group>
    </Stack>
  );
}

interface ShowCodeProps {
  readonly endpoint: typeof endpoints.confirmSecondFactor | typeof endpoints.endSecondFactor;
  readonly lead: string;
  readonly word: string;
}

function ShowCode({ endpoint, lead, word }: ShowCodeProps) {
  const queries = useQueryClient();
  const [passcode, setPasscode] = useState("");
  const show = useMutation({
    mutationFn: () => call(endpoint, { body: { passcode: passcode.trim() } }),
    onSuccess: (state) => queries.setQueryData(secondFactorQuery.queryKey, state),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    show.mutate();
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        {show.isError && <ProblemBox problem={show.error} />}
        <TextInput
          label="Code"
          description={lead}
          value={passcode}
          onChange={(event) => setPasscode(event.currentTarget.value)}
          autoComplete="one-time-code"
          inputMode="numeric"
          maxLength={6}
          required
        />
        <Group justify="flex-end">
          <Button type="submit" loading={show.isPending}>
            {word}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
