import { Table, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { Port, Server, Volume } from "@uniview/api";
import { Copyable } from "./copyable.tsx";
import { Section } from "./page.tsx";
import { StateMark } from "./state-mark.tsx";
import { resourceState } from "./states.ts";
import { sizeText } from "./units.ts";

/** Cinder's and Nova's sizes are in GiB. */
const GIB = 2 ** 30;

interface ServerDisksProps {
  readonly server: Server;
  readonly volumes: readonly Volume[];
}

export function ServerDisks({ server, volumes }: ServerDisksProps) {
  const { image, flavor, id } = server;
  return (
    <Section title="Disks">
      <Table.ScrollContainer minWidth={420} type="native">
        <Table aria-label="Disks" verticalSpacing={6} fz="sm">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Name</Table.Th>
              <Table.Th>Device</Table.Th>
              <Table.Th>Type</Table.Th>
              <Table.Th ta="right">Size</Table.Th>
              <Table.Th>Status</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {image && (
              <Table.Tr>
                <Table.Td>Root disk</Table.Td>
                <Table.Td className="dim">first</Table.Td>
                <Table.Td>local, of the image {image.name ?? image.id}</Table.Td>
                <Table.Td ta="right">{flavor.disk_gb ? sizeText(flavor.disk_gb * GIB) : "–"}</Table.Td>
                <Table.Td />
              </Table.Tr>
            )}
            {volumes.map((volume) => (
              <Table.Tr key={volume.id}>
                <Table.Td>
                  <Link to="/$kind/$site/$id" params={{ kind: "volumes", site: volume.site, id: volume.id }}>
                    {volume.name || volume.id}
                  </Link>
                </Table.Td>
                <Table.Td className="mono">
                  {volume.attached_to.find(({ server_id }) => server_id === id)?.device ?? "–"}
                </Table.Td>
                <Table.Td>{volume.volume_type ?? "volume"}</Table.Td>
                <Table.Td ta="right">{sizeText(volume.size_gb * GIB)}</Table.Td>
                <Table.Td>
                  <StateMark state={resourceState(volume.status)} />
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Section>
  );
}

interface ServerPortsProps {
  readonly server: Server;
  readonly ports: readonly Port[];
}

export function ServerPorts({ server, ports }: ServerPortsProps) {
  const floatingOf = (mac: string) =>
    server.addresses.filter((address) => address.kind === "floating" && address.mac === mac);
  return (
    <Section title="Ports">
      {ports.length === 0 ? (
        <Text size="sm" c="dimmed">
          None is known yet.
        </Text>
      ) : (
        <Table.ScrollContainer minWidth={420} type="native">
          <Table aria-label="Ports" verticalSpacing={6} fz="sm">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Network</Table.Th>
                <Table.Th>Addresses</Table.Th>
                <Table.Th>MAC</Table.Th>
                <Table.Th>Status</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {ports.map((port) => (
                <Table.Tr key={port.id}>
                  <Table.Td>
                    <Link to="/$kind/$site/$id" params={{ kind: "ports", site: port.site, id: port.id }}>
                      {port.network_name ?? port.network_id}
                    </Link>
                  </Table.Td>
                  <Table.Td>
                    {port.fixed_ips.map(({ ip_address }) => (
                      <div key={ip_address}>{ip_address}</div>
                    ))}
                    {floatingOf(port.mac_address).map(({ address }) => (
                      <div key={address}>
                        {address} <span className="dim">floating</span>
                      </div>
                    ))}
                  </Table.Td>
                  <Table.Td>
                    <Copyable value={port.mac_address} what="MAC address" />
                  </Table.Td>
                  <Table.Td>
                    <StateMark state={resourceState(port.status)} />
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
    </Section>
  );
}
