import { Table, Text } from "@mantine/core";
import type { PlannedPort } from "@uniview/api";
import { StateMark } from "../ui/state-mark.tsx";
import type { State } from "../ui/states.ts";

const KEPT: State = { tone: "ok", word: "kept" };
const NEW: State = { tone: "warn", word: "new" };

export function PlannedPorts({ ports }: { readonly ports: readonly PlannedPort[] }) {
  return (
    <Table.ScrollContainer minWidth={720} type="native">
      <Table aria-label="Ports to make" verticalSpacing={7} fz="sm">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Network</Table.Th>
            <Table.Th>Fixed IPs</Table.Th>
            <Table.Th>MAC</Table.Th>
            <Table.Th>Floating IP</Table.Th>
            <Table.Th>Why</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {ports.map((port) => (
            <Table.Tr key={port.source_id}>
              <Table.Td>
                {port.network} → {port.target_network ?? "?"}
              </Table.Td>
              <Table.Td>
                {port.fixed_ips.join(", ")}
                <Text size="xs" component="div">
                  <StateMark state={port.keeps_fixed_ips ? KEPT : NEW} />
                </Text>
              </Table.Td>
              <Table.Td>
                <span className="mono">{port.mac_address}</span>
                <Text size="xs" component="div">
                  <StateMark state={port.keeps_mac ? KEPT : NEW} />
                </Text>
              </Table.Td>
              <Table.Td>
                {port.floating_ip ?? "none"}
                {port.floating_ip && (
                  <Text size="xs" c="dimmed">
                    {port.target_floating_network
                      ? `a new one of ${port.target_floating_network}`
                      : "none at the target"}
                  </Text>
                )}
              </Table.Td>
              <Table.Td>
                <span className="dim">{port.why}</span>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
