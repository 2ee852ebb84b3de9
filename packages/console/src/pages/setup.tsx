import { Button, PasswordInput, Stack, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { call, endpoints } from "../api/client.ts";
import { sessionQuery } from "../api/identity.ts";
import { fieldProblem } from "../api/problem.ts";
import { Door } from "../forms/door.tsx";
import { passwordProblem } from "../forms/new-password.ts";
import { ProblemBox } from "../ui/problem-box.tsx";

const route = getRouteApi("/setup");

/** The first page of all: the one-time link makes the administrator. */
export function SetupPage() {
  const { token = "" } = route.useSearch();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const [name, setName] = useState("admin");
  const [password, setPassword] = useState("");
  const [again, setAgain] = useState("");
  const setUp = useMutation({
    mutationFn: () => call(endpoints.setUp, { body: { token, name, password } }),
    onSuccess: async (session) => {
      queries.clear();
      queries.setQueryData(sessionQuery.queryKey, session);
      await navigate({ to: "/sites/add", replace: true });
    },
  });
  const weak = password === "" ? undefined : passwordProblem(password);
  const differs = again !== "" && again !== password;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!weak && again === password) setUp.mutate();
  };

  return (
    <Door title="Welcome" lead="Create the administrator of this Uniview. The link works once.">
      <form onSubmit={submit}>
        <Stack gap="sm">
          {setUp.isError && <ProblemBox problem={setUp.error} />}
          {token === "" && (
            <ProblemBox
              problem={{
                title: "The link is not complete",
                detail: "It carries no token.",
                remedy: "Copy the whole link that Uniview printed when it started.",
              }}
            />
          )}
          <TextInput
            label="Name"
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            error={fieldProblem(setUp.error, "name")}
            autoComplete="username"
            autoCapitalize="none"
            required
          />
          <PasswordInput
            label="Password"
            description="At least 10 characters; a few words are better than signs."
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
            error={weak ?? fieldProblem(setUp.error, "password")}
            autoComplete="new-password"
            required
          />
          <PasswordInput
            label="Password again"
            value={again}
            onChange={(event) => setAgain(event.currentTarget.value)}
            error={differs && "The two passwords differ"}
            autoComplete="new-password"
            required
          />
          <Button type="submit" loading={setUp.isPending} disabled={token === ""} mt="xs" fullWidth>
            Create the administrator
          </Button>
        </Stack>
      </form>
    </Door>
  );
}
