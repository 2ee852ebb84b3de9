import { Table, Text } from "@mantine/core";
import type { DiscoveredService, Discovery } from "@uniview/api";
import { Copyable } from "./copyable.tsx";
import { StateMark } from "./state-mark.tsx";
import { SERVICE_STATES, type State } from "./states.ts";

interface DiscoveryTableProps extends Pick<Discovery, "services"> {
  /** The endpoint below the service's type: for half a page. */
  readonly slim?: boolean;
  /** The site does not answer now: what is shown was seen before. */
  readonly past?: boolean;
}

const SEEN_BEFORE: State = { tone: "off", word: "Available then" };

/** Every service that a site's catalog offers, and what was read from its own version document. */
export function DiscoveryTable({ services, slim = false, past = false }: DiscoveryTableProps) {
  return (
    <Table.ScrollContainer minWidth={slim ? 540 : 860} type="native">
      <Table aria-label="Services of the site" verticalSpacing={7} fz="sm">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Service</Table.Th>
            <Table.Th>State</Table.Th>
            <Table.Th>Version</Table.Th>
            <Table.Th>Microversions</Table.Th>
            <Table.Th>Release</Table.Th>
            {!slim && <Table.Th>Endpoint</Table.Th>}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {services.map((service) => (
            <Row key={service.type + service.endpoint} service={service} slim={slim} past={past} />
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

interface RowProps {
  readonly service: DiscoveredService;
  readonly slim: boolean;
  readonly past: boolean;
}

function Row({ service, slim, past }: RowProps) {
  const { type, name, state, problem, version, min_microversion, max_microversion, release, endpoint } =
    service;
  return (
    <Table.Tr>
      <Table.Td>
        <Text size="sm" fw={550}>
          {type}
        </Text>
        {slim ? (
          <Text size="xs" c="dimmed" maw={190} component="div">
            <Copyable value={endpoint} what="endpoint" />
          </Text>
        ) : (
          <Text size="xs" c="dimmed">
            {name}
          </Text>
        )}
      </Table.Td>
      <Table.Td maw={200}>
        <StateMark state={past && state === "ok" ? SEEN_BEFORE : SERVICE_STATES[state]} />
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
      {!slim && (
        <Table.Td maw={300}>
          <Copyable value={endpoint} what="endpoint" />
        </Table.Td>
      )}
    </Table.Tr>
  );
}
