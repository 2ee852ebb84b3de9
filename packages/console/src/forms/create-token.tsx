import { Button, Group, Modal, Select, Stack, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { CreatedToken } from "@uniview/api";
import { type FormEvent, useState } from "react";
import { call, endpoints } from "../api/client.ts";
import { tokensQuery } from "../api/identity.ts";
import { ProblemBox } from "../ui/problem-box.tsx";

const LIVES = [
  { value: "30", label: "30 days" },
  { value: "90", label: "90 days" },
  { value: "365", label: "1 year" },
  { value: "never", label: "Never" },
];

interface CreateTokenProps {
  readonly opened: boolean;
  readonly onClose: () => void;
  readonly onCreated: (token: (typeof CreatedToken)["_output"]) => void;
}

export function CreateToken({ opened, onClose, onCreated }: CreateTokenProps) {
  const queries = useQueryClient();
  const [name, setName] = useState("");
  const [life, setLife] = useState("90");
  const create = useMutation({
    mutationFn: () =>
      call(endpoints.createToken, {
        body: { name, expires_in_days: life === "never" ? null : Number(life) },
      }),
    onSuccess: (token) => {
      void queries.invalidateQueries({ queryKey: tokensQuery.queryKey });
      setName("");
      onCreated(token);
      onClose();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    create.mutate();
  };
  return (
    <Modal opened={opened} onClose={onClose} title="Create an API token">
      <form onSubmit={submit}>
        <Stack gap="sm">
          {create.isError && <ProblemBox problem={create.error} />}
          <TextInput
            label="Name"
            description="What will use it: a machine, a script"
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            maxLength={63}
            required
            data-autofocus
          />
          <Select
            label="Ends after"
            data={LIVES}
            value={life}
            onChange={(value) => setLife(value ?? "90")}
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
