import { Button, Group, Modal, PasswordInput, Select, Stack, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { User } from "@uniview/api";
import { type FormEvent, useState } from "react";
import { call, endpoints } from "../api/client.ts";
import { usersQuery } from "../api/identity.ts";
import { fieldProblem } from "../api/problem.ts";
import { ProblemBox } from "../ui/problem-box.tsx";
import { passwordProblem } from "./new-password.ts";

const ROLES = [
  { value: "user", label: "User: the sites that they are granted" },
  { value: "administrator", label: "Administrator: users and grants, too" },
];

interface CreateUserProps {
  readonly opened: boolean;
  readonly onClose: () => void;
}

export function CreateUser({ opened, onClose }: CreateUserProps) {
  const queries = useQueryClient();
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const [role, setRole] = useState<User["role"]>("user");
  const create = useMutation({
    mutationFn: () => call(endpoints.createUser, { body: { name, password, role } }),
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: usersQuery.queryKey });
      setName("");
      setPassword("");
      onClose();
    },
  });
  const weak = password === "" ? undefined : passwordProblem(password);
  const nameProblem = fieldProblem(create.error, "name");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!weak) create.mutate();
  };
  return (
    <Modal opened={opened} onClose={onClose} title="Create a user">
      <form onSubmit={submit}>
        <Stack gap="sm">
          {create.isError && !nameProblem && <ProblemBox problem={create.error} />}
          <TextInput
            label="Name"
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            error={nameProblem}
            autoComplete="off"
            required
            data-autofocus
          />
          <PasswordInput
            label="Password"
            description="At least 10 characters; hand it over on a safe way"
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
            error={weak}
            autoComplete="new-password"
            required
          />
          <Select
            label="Role"
            data={ROLES}
            value={role}
            onChange={(value) => setRole((value ?? "user") as User["role"])}
            allowDeselect={false}
          />
          <Group justify="flex-end" mt="xs">
            <Button type="submit" loading={create.isPending}>
              Create
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
