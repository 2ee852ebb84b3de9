import { Select, Table, Text } from "@mantine/core";
import type { MappingRow } from "@uniview/api";
import type { MappingKind } from "../paths/migration-search.ts";
import { StateMark } from "../ui/state-mark.tsx";

const KINDS: Record<MappingRow["kind"], { readonly word: string; readonly map: MappingKind }> = {
  network: { word: "Network", map: "networks" },
  flavor: { word: "Flavor", map: "flavors" },
  volume_type: { word: "Volume type", map: "volume_types" },
  security_group: { word: "Security group", map: "security_groups" },
  keypair: { word: "Keypair", map: "keypairs" },
};

interface MappingsTableProps {
  readonly rows: readonly MappingRow[];
  readonly onMap: (kind: MappingKind, source: string, target: string) => void;
}

/** What each object of the source becomes at the target; another choice makes another plan. */
export function MappingsTable({ rows, onMap }: MappingsTableProps) {
  return (
    <Table.ScrollContainer minWidth={720} type="native">
      <Table aria-label="Mappings" verticalSpacing={7} fz="sm">
        <Table.Thead>
          <Table.Tr>
            <Table.Th w={120}>Kind</Table.Th>
            <Table.Th>At the source</Table.Th>
            <Table.Th w={280}>At the target</Table.Th>
            <Table.Th>Why</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((row) => (
            <Row key={row.kind + row.source.id} row={row} onMap={onMap} />
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function Row({ row, onMap }: { readonly row: MappingRow } & Pick<MappingsTableProps, "onMap">) {
  const { kind, source, target, creates, why, choices } = row;
  const { word, map } = KINDS[kind];
  return (
    <Table.Tr>
      <Table.Td>{word}</Table.Td>
      <Table.Td>
        {source.name}
        {source.detail && (
          <Text size="xs" c="dimmed">
            {source.detail}
          </Text>
        )}
      </Table.Td>
      <Table.Td>
        {choices.length > 0 ? (
          <Select
            aria-label={`${word} for ${source.name}`}
            size="xs"
            data={choices.map((choice) => ({
              value: choice.id,
              label: choice.fits ? choice.name : `${choice.name} (does not fit)`,
            }))}
            value={target?.id ?? null}
            placeholder={creates ? "made by the migration" : "Choose"}
            onChange={(id) => id && onMap(map, source.id, id)}
            error={!target && !creates}
            allowDeselect={false}
            searchable
          />
        ) : (
          <Made name={target?.name} creates={creates} />
        )}
      </Table.Td>
      <Table.Td>
        <span className="dim">{why}</span>
      </Table.Td>
    </Table.Tr>
  );
}

/** What stands where there is nothing to choose from. */
function Made({ name, creates }: { readonly name: string | undefined; readonly creates: boolean }) {
  if (!name && !creates) return <StateMark state={{ tone: "bad", word: "Nothing fits" }} />;
  return (
    <>
      {name}
      {creates && (
        <Text size="xs" c="dimmed">
          made by the migration
        </Text>
      )}
    </>
  );
}
