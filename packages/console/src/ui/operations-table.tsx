import { Table, Text } from "@mantine/core";
import type { OperationHere } from "@uniview/api";
import { doesTitle, OPERATION_STATES } from "./capability-words.ts";
import { Prose } from "./prose.tsx";
import { StateMark } from "./state-mark.tsx";

/** The way of each operation at a site, and its price; those that cost something come first. */
export function OperationsTable({ operations }: { readonly operations: readonly OperationHere[] }) {
  const price = ({ state }: OperationHere) => Object.keys(OPERATION_STATES).indexOf(state);
  const sorted = operations.toSorted((a, b) => price(b) - price(a));
  return (
    <Table.ScrollContainer minWidth={760} type="native">
      <Table aria-label="Operations" verticalSpacing={7} fz="sm">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>To</Table.Th>
            <Table.Th>Here</Table.Th>
            <Table.Th>Way and price</Table.Th>
            <Table.Th>Microversion</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {sorted.map(({ operation, service, does, state, how, lost, microversion, wanted, offered }) => (
            <Table.Tr key={operation}>
              <Table.Td maw={320}>
                {doesTitle(does)}
                <Text size="xs" c="dimmed">
                  {service}
                </Text>
              </Table.Td>
              <Table.Td>
                <StateMark state={OPERATION_STATES[state]} />
              </Table.Td>
              <Table.Td maw={420}>
                {state !== "impossible" && <Prose>{how}</Prose>}
                {lost && (
                  <Text size="sm" c="var(--state-warn)">
                    {lost}
                  </Text>
                )}
              </Table.Td>
              <Table.Td style={{ whiteSpace: "nowrap" }}>
                {state === "impossible" ? "none" : (microversion ?? "any")}
                {wanted !== null && microversion !== wanted && (
                  <Text size="xs" c="dimmed">
                    wanted {wanted}, the site has {offered ?? "none"}
                  </Text>
                )}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
