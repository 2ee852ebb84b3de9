import { Paper, Stack, Table, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { MigrationResult } from "@uniview/api";
import { Copyable } from "./copyable.tsx";
import { Fact, Facts } from "./facts.tsx";
import { StateMark } from "./state-mark.tsx";
import { resourceState, type State } from "./states.ts";
import { durationText, sizeText } from "./units.ts";

const VERIFIED: Record<MigrationResult["disks"][number]["verified"], State> = {
  "both-ends": { tone: "ok", word: "Verified at both sites" },
  target: { tone: "ok", word: "Verified at the target" },
  none: { tone: "warn", word: "By neither site" },
};

const CONSISTENCY: Record<MigrationResult["consistency"], string> = {
  stopped: "The source was stopped: complete",
  crash: "As after a power cut",
  staggered: "Disks of different moments",
};

const CHECKSUM_SHOWN = 19;

/** The result of a job is open in the contract; a migration's has this shape. */
export function migrationResult(result: Record<string, unknown> | null): MigrationResult | undefined {
  return result !== null && "disks" in result && "server" in result
    ? (result as unknown as MigrationResult)
    : undefined;
}

/** What a migration made, and what was checked and measured. */
export function MigrationOutcome({ result }: { readonly result: MigrationResult }) {
  const { server, source, disks, downtime_s, consistency, degraded } = result;
  return (
    <Paper withBorder p="md" component="section" aria-label="Result">
      <Stack gap="md">
        <Facts columns>
          <Fact name="Server at the target">
            <Link to="/servers/$site/$id" params={{ site: server.site, id: server.id }}>
              {server.name}
            </Link>{" "}
            <span className="dim">at {server.site}</span>
          </Fact>
          <Fact name="Its state">
            <StateMark state={resourceState(server.status)} />
          </Fact>
          <Fact name="Its addresses">{server.addresses.map(({ address }) => address).join(", ")}</Fact>
          <Fact name="Downtime, measured">{downtime_s === null ? null : durationText(downtime_s)}</Fact>
          <Fact name="Consistency">{CONSISTENCY[consistency]}</Fact>
          <Fact name="Source">
            <Link to="/servers/$site/$id" params={{ site: source.site, id: source.id }}>
              {resourceState(source.status).word}
            </Link>
            {source.locked && ", locked"} <span className="dim">at {source.site}, restorable</span>
          </Fact>
        </Facts>
        <Table.ScrollContainer minWidth={560} type="native">
          <Table aria-label="Disks as they arrived" verticalSpacing={6} fz="sm">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Disk</Table.Th>
                <Table.Th ta="right">Moved</Table.Th>
                <Table.Th>Checksum</Table.Th>
                <Table.Th>Verified</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {disks.map((disk) => (
                <Table.Tr key={disk.target_id}>
                  <Table.Td>{disk.name || disk.source_id || disk.target_id}</Table.Td>
                  <Table.Td ta="right">{sizeText(disk.bytes_moved)}</Table.Td>
                  <Table.Td>
                    <Copyable
                      value={disk.checksum}
                      what="checksum"
                      shown={`${disk.checksum.slice(0, CHECKSUM_SHOWN)}…`}
                    />
                  </Table.Td>
                  <Table.Td>
                    <StateMark state={VERIFIED[disk.verified]} />
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
        {degraded.length > 0 && (
          <div>
            <Text size="sm" fw={550}>
              Done another way than at the source
            </Text>
            {degraded.map((note) => (
              <Text size="sm" key={note}>
                {note}
              </Text>
            ))}
          </div>
        )}
      </Stack>
    </Paper>
  );
}
