import { Button, Checkbox, Group, Modal, Select, Stack, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { CreatedApplicationCredential, Project } from "@uniview/api";
import { type FormEvent, useState } from "react";
import { call, endpoints } from "../api/client.ts";
import { credentialsQuery } from "../api/gateway.ts";
import { ProblemBox } from "../ui/problem-box.tsx";

const LIVES = [
  { value: "30", label: "30 days" },
  { value: "90", label: "90 days" },
  { value: "365", label: "1 year" },
  { value: "never", label: "Never" },
];

interface CreateCredentialProps {
  readonly project: Project;
  readonly opened: boolean;
  readonly onClose: () => void;
  readonly onCreated: (credential: CreatedApplicationCredential) => void;
}

export function CreateCredential({ project, opened, onClose, onCreated }: CreateCredentialProps) {
  const queries = useQueryClient();
  const [name, setName] = useState("");
  const [life, setLife] = useState("365");
  const [broker, setBroker] = useState(false);
  const create = useMutation({
    mutationFn: () =>
      call(endpoints.createApplicationCredential, {
        body: {
          name,
          project_id: project.id,
          broker,
          expires_in_days: life === "never" ? null : Number(life),
        },
      }),
    onSuccess: (credential) => {
      void queries.invalidateQueries({ queryKey: credentialsQuery.queryKey });
      setName("");
      onCreated(credential);
      onClose();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    create.mutate();
  };
  return (
    <Modal opened={opened} onClose={onClose} title={`Create an application credential for ${project.name}`}>
      <form onSubmit={submit}>
        <Stack gap="sm">
          {create.isError && <ProblemBox problem={create.error} />}
          <TextInput
            label="Name"
            description="What will use it: a machine, a pipeline"
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            maxLength={255}
            required
            data-autofocus
          />
          <Select
            label="Ends after"
            data={LIVES}
            value={life}
            onChange={(value) => setLife(value ?? "365")}
            allowDeselect={false}
          />
          <Checkbox
            label="Bridge versions"
            description="Where a site lacks the version that a client asks for, do what comes nearest. The answer says what was lost."
            checked={broker}
            onChange={(event) => setBroker(event.currentTarget.checked)}
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
