import { Table, Text } from "@mantine/core";
import type { DiscoveredService, Discovery } from "@uniview/api";
import { Copyable } from "./copyable.tsx";
import { StateMark } from "./state-mark.tsx";
import { SERVICE_STATES } from "./states.ts";

/** Every service that a site's catalog offers, and what was read from its own version document. */
export function DiscoveryTable({ services }: Pick<Discovery, "services">) {
  return (
    <Table.ScrollContainer minWidth={860} type="native">
      <Table aria-label="Services of the site" verticalSpacing={7} fz="sm">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Service</Table.Th>
            <Table.Th>State</Table.Th>
            <Table.Th>Version</Table.Th>
            <Table.Th>Microversions</Table.Th>
            <Table.Th>Release</Table.Th>
            <Table.Th>Endpoint</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {services.map((service) => (
            <Row key={service.type + service.endpoint} service={service} />
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function Row({ service }: { readonly service: DiscoveredService }) {
  const { type, name, state, problem, version, min_microversion, max_microversion, release, endpoint } =
    service;
  return (
    <Table.Tr>
      <Table.Td>
        <Text size="sm" fw={550}>
          {type}
        </Text>
        {name !== type && (
          <Text size="xs" c="dimmed">
            {name}
          </Text>
        )}
      </Table.Td>
      <Table.Td maw={200}>
        <StateMark state={SERVICE_STATES[state]} />
        {problem && (
          <Text size="xs" c="dimmed">
            {problem}
          </Text>
        )}
      </Table.Td>
      <Table.Td>{version ?? "–"}</Table.Td>
      <Table.Td style={{ whiteSpace: "nowrap" }}>
        {max_microversion === null ? "none" : `${min_microversion ?? "?"} – ${max_microversion}`}
      </Table.Td>
      <Table.Td>
        {release === null ? (
          <span className="dim">says nothing</span>
        ) : (
          <>
            {release.label}
            <Text size="xs" c="dimmed">
              {release.evidence}
            </Text>
          </>
        )}
      </Table.Td>
      <Table.Td maw={300}>
        <Copyable value={endpoint} what="endpoint" />
      </Table.Td>
    </Table.Tr>
  );
}
