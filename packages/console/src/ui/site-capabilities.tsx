import { Button, Group, Menu, SegmentedControl, Skeleton, Stack, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconChevronDown, IconRadar2 } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { CapabilityColumn, SiteCapabilities as Known } from "@uniview/api";
import { useState } from "react";
import { siteCapabilitiesQuery } from "../api/capabilities.ts";
import { call, endpoints } from "../api/client.ts";
import { Age } from "./age.tsx";
import { CapabilitiesTable } from "./capabilities-table.tsx";
import { CapabilityChanges } from "./capability-changes.tsx";
import { OperationsTable } from "./operations-table.tsx";
import { Section } from "./page.tsx";
import { ProblemBox } from "./problem-box.tsx";

/** What works at a site, and how: what each project may do, the way of each operation, and what changed. */
export function SiteCapabilities({ site }: { readonly site: string }) {
  const queries = useQueryClient();
  const query = siteCapabilitiesQuery(site);
  const known = useQuery(query);
  const [chosen, setChosen] = useState<string>();
  const probe = useMutation({
    mutationFn: (thorough: boolean) =>
      call(endpoints.probeSite, { params: { name: site }, body: { thorough } }),
    onSuccess: ({ left_behind, ...found }) => {
      queries.setQueryData(query.queryKey, found);
      if (left_behind.length === 0) notifications.show({ message: `${site}: probed again.` });
      else notifications.show({ color: "red", autoClose: false, message: left_behind.join(" ") });
    },
  });

  if (known.isError) return <ProblemBox problem={known.error} retry={() => void known.refetch()} />;
  if (!known.data) return <Skeleton height={360} />;
  const { columns, rows, operations, changes } = known.data;
  const column = columns.find(({ id }) => id === chosen) ?? columns[0];
  return (
    <Stack gap="lg">
      {probe.isError && <ProblemBox problem={probe.error} title="The probe failed" />}
      <Group justify="space-between" gap="sm">
        <Choice columns={columns} column={column} onChange={setChosen} />
        <ProbeMenu busy={probe.isPending} probe={probe.mutate} />
      </Group>
      {column?.problems.map(({ service, problem }) => (
        <Text key={service + problem} size="sm" c="dimmed">
          {service} could not be probed: {problem} What was known before is shown.
        </Text>
      ))}
      {changes.length > 0 && (
        <Section title="What changed">
          <CapabilityChanges changes={changes} />
        </Section>
      )}
      <Section title="What may be done">
        {column && rows.length > 0 ? (
          <CapabilitiesTable column={column} rows={rows} />
        ) : (
          <Text size="sm" c="dimmed">
            Not probed yet. That happens by itself within a minute of joining.
          </Text>
        )}
      </Section>
      <Section title="How each operation goes here">
        <OperationsTable operations={operations} />
      </Section>
    </Stack>
  );
}

interface ChoiceProps {
  readonly columns: Known["columns"];
  readonly column: CapabilityColumn | undefined;
  readonly onChange: (id: string) => void;
}

/** Whose permissions are shown; with one project there is nothing to choose. */
function Choice({ columns, column, onChange }: ChoiceProps) {
  if (column === undefined) return <span />;
  const told = (
    <Text size="sm" c="dimmed">
      as {column.user_name}, roles {column.roles.join(", ") || "none"}, probed{" "}
      <Age at={column.probed_at} never="not yet" />
    </Text>
  );
  if (columns.length === 1) return told;
  return (
    <Group gap="sm">
      <SegmentedControl
        aria-label="Project"
        size="xs"
        value={column.id}
        onChange={onChange}
        data={columns.map(({ id, project_name, user_name }) => ({
          value: id,
          label: `${project_name} (${user_name})`,
        }))}
      />
      {told}
    </Group>
  );
}

interface ProbeMenuProps {
  readonly busy: boolean;
  readonly probe: (thorough: boolean) => void;
}

function ProbeMenu({ busy, probe }: ProbeMenuProps) {
  return (
    <Menu position="bottom-end" width={320}>
      <Menu.Target>
        <Button
          variant="default"
          loading={busy}
          leftSection={<IconRadar2 size={15} />}
          rightSection={<IconChevronDown size={13} aria-hidden />}
        >
          Probe again
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => probe(false)}>
          Without changing anything
          <Text size="xs" c="dimmed">
            Documents, lists and requests that cannot succeed
          </Text>
        </Menu.Item>
        <Menu.Item onClick={() => probe(true)}>
          Thoroughly
          <Text size="xs" c="dimmed">
            Also makes a volume of 1 GiB and a snapshot, and removes them at once
          </Text>
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
