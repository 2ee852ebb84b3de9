import { Table, Text } from "@mantine/core";
import type { CapabilityColumn, CapabilityRow } from "@uniview/api";
import { Age } from "./age.tsx";
import { CapabilityMark } from "./capability-mark.tsx";
import { doesTitle, serviceTitle } from "./capability-words.ts";

interface CapabilitiesTableProps {
  readonly column: CapabilityColumn;
  readonly rows: readonly CapabilityRow[];
}

/** Everything that is known of one project of a site. */
export function CapabilitiesTable({ column, rows }: CapabilitiesTableProps) {
  return (
    <Table.ScrollContainer minWidth={640} type="native">
      <Table aria-label={`Capabilities of project ${column.project_name}`} verticalSpacing={6} fz="sm">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>To</Table.Th>
            <Table.Th>State</Table.Th>
            <Table.Th>Since</Table.Th>
            <Table.Th>Detail</Table.Th>
          </Table.Tr>
        </Table.Thead>
        {[...Map.groupBy(rows, ({ service }) => serviceTitle(service))].map(([title, inside]) => (
          <Table.Tbody key={title}>
            <Table.Tr>
              <Table.Th colSpan={4} scope="rowgroup">
                <Text size="sm" fw={600} c="var(--mantine-color-text)" mt={8}>
                  {title}
                </Text>
              </Table.Th>
            </Table.Tr>
            {inside.map((row) => (
              <Row key={row.capability} row={row} column_id={column.id} />
            ))}
          </Table.Tbody>
        ))}
      </Table>
    </Table.ScrollContainer>
  );
}

function Row({ row, column_id }: { readonly row: CapabilityRow; readonly column_id: string }) {
  const cell = row.cells.find((one) => one.column_id === column_id);
  if (cell === undefined) return null;
  return (
    <Table.Tr>
      <Table.Td>
        {doesTitle(row.does)}
        {row.rule && (
          <Text size="xs" c="dimmed" className="mono" style={{ overflowWrap: "anywhere" }}>
            {row.rule}
          </Text>
        )}
      </Table.Td>
      <Table.Td>
        <CapabilityMark row={row} cell={cell} />
      </Table.Td>
      <Table.Td>
        <Age at={cell.since} />
      </Table.Td>
      <Table.Td maw={360}>
        <Text size="sm" c="dimmed" style={{ overflowWrap: "anywhere" }}>
          {cell.detail ?? ""}
        </Text>
      </Table.Td>
    </Table.Tr>
  );
}
