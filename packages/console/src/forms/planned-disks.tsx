import { Table, Text } from "@mantine/core";
import type { PlannedDisk } from "@uniview/api";
import { sizeText } from "../ui/units.ts";

export function PlannedDisks({ disks }: { readonly disks: readonly PlannedDisk[] }) {
  return (
    <Table.ScrollContainer minWidth={720} type="native">
      <Table aria-label="Disks to move" verticalSpacing={7} fz="sm">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Disk</Table.Th>
            <Table.Th ta="right" w={90}>
              Size
            </Table.Th>
            <Table.Th>Type</Table.Th>
            <Table.Th>Travels as</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {disks.map((disk) => (
            <Table.Tr key={disk.source_id ?? disk.name}>
              <Table.Td>
                {disk.name || disk.source_id}
                <Text size="xs" c="dimmed">
                  {disk.boot_index === 0 ? "boots from it" : "data"}
                </Text>
              </Table.Td>
              <Table.Td ta="right">{sizeText(disk.size_bytes)}</Table.Td>
              <Table.Td>{typeText(disk)}</Table.Td>
              <Table.Td>
                {disk.mechanism}
                <Text size="xs" c="dimmed">
                  {disk.why}
                </Text>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function typeText({ kind, volume_type, target_volume_type }: PlannedDisk): string {
  if (kind === "image") return "local disk";
  const from = volume_type ?? "the default type";
  const to = target_volume_type ?? "the default type";
  return from === to ? from : `${from} → ${to}`;
}
