import { Button, PasswordInput, Stack, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi, useRouter } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { call, endpoints } from "../api/client.ts";
import { sessionQuery, statusQuery } from "../api/identity.ts";
import { isProblem } from "../api/problem.ts";
import { Door } from "../forms/door.tsx";
import { ProblemBox } from "../ui/problem-box.tsx";

const route = getRouteApi("/sign-in");

export function SignInPage() {
  const { next = "/" } = route.useSearch();
  const status = useQuery(statusQuery);
  const queries = useQueryClient();
  const router = useRouter();
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const [passcode, setPasscode] = useState("");
  const [asksCode, setAsksCode] = useState(false);
  const signIn = useMutation({
    mutationFn: () =>
      call(endpoints.signIn, {
        body: { name, password, ...(asksCode ? { passcode: passcode.trim() } : {}) },
      }),
    onError: (problem) => {
      if (isProblem(problem, "passcode-needed")) setAsksCode(true);
    },
    onSuccess: (session) => {
      queries.setQueryData(sessionQuery.queryKey, session);
      router.history.push(next);
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    signIn.mutate();
  };

  if (status.data?.setup_needed) {
    return (
      <Door title="Almost there" lead="Uniview has no administrator yet.">
        Open the one-time link that Uniview printed when it started: it ends in{" "}
        <span className="mono">/setup?token=…</span>. A restart prints a new one.
      </Door>
    );
  }
  return (
    <Door title="Sign in" lead="Once, for every site that you were granted.">
      <form onSubmit={submit}>
        <Stack gap="sm">
          {signIn.isError && !isProblem(signIn.error, "passcode-needed") && (
            <ProblemBox problem={signIn.error} />
          )}
          {status.isError && !signIn.isError && (
            <ProblemBox problem={status.error} retry={() => void status.refetch()} />
          )}
          <TextInput
            label="Name"
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            autoComplete="username"
            autoCapitalize="none"
            autoFocus
            required
          />
          <PasswordInput
            label="Password"
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
            autoComplete="current-password"
            required
          />
          {asksCode && (
            <TextInput
              label="Code"
              description="The six digits that your authenticator app shows"
              value={passcode}
              onChange={(event) => setPasscode(event.currentTarget.value)}
              autoComplete="one-time-code"
              inputMode="numeric"
              maxLength={6}
              autoFocus
              required
            />
          )}
          <Button type="submit" loading={signIn.isPending} mt="xs" fullWidth>
            Sign in
          </Button>
        </Stack>
      </form>
    </Door>
  );
}
