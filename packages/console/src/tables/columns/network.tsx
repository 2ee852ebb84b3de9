import { Link } from "@tanstack/react-router";
import type { Network, Port } from "@uniview/api";
import type { RowOf } from "../../api/rows.ts";
import { Copyable } from "../../ui/copyable.tsx";
import { countText } from "../../ui/units.ts";
import type { Column } from "../column.ts";
import { anyKind, shown } from "./any-kind.tsx";

type SecurityGroup = RowOf<"security-groups">;

const network = anyKind<Network>("networks");
const port = anyKind<Port>("ports");
const group = anyKind<SecurityGroup>("security-groups");

export const networkColumns: readonly Column<Network>[] = [
  network.name,
  network.site,
  network.status,
  {
    id: "subnets",
    title: "Subnets",
    width: "minmax(150px, 1.4fr)",
    shown: true,
    card: "line",
    cell: (row) => row.subnets.map(({ cidr }) => cidr).join(", ") || "none",
  },
  {
    id: "reach",
    title: "Reach",
    width: "minmax(120px, 1fr)",
    shown: true,
    card: "line",
    cell: (row) => reachText(row),
  },
  { id: "mtu", title: "MTU", width: "56px", align: "right", shown: true, cell: (row) => row.mtu ?? "–" },
  shown(network.project),
  network.updated,
  network.created,
  network.id,
];

export const portColumns: readonly Column<Port>[] = [
  port.name,
  port.site,
  port.status,
  {
    id: "addresses",
    title: "Fixed IPs",
    width: "minmax(130px, 1.1fr)",
    shown: true,
    card: "line",
    cell: (row) => row.fixed_ips.map(({ ip_address }) => ip_address).join(", ") || "none",
  },
  {
    id: "mac",
    title: "MAC",
    width: "150px",
    shown: true,
    card: "line",
    cell: (row) => <Copyable value={row.mac_address} what="MAC address" />,
  },
  {
    id: "network",
    title: "Network",
    width: "minmax(110px, 1fr)",
    shown: true,
    cell: (row) => row.network_name ?? row.network_id,
  },
  {
    id: "used-by",
    title: "Used by",
    width: "minmax(120px, 1fr)",
    shown: true,
    cell: (row) => <UsedBy port={row} />,
  },
  port.project,
  port.updated,
  port.created,
  port.id,
];

export const securityGroupColumns: readonly Column<SecurityGroup>[] = [
  group.name,
  group.site,
  {
    id: "description",
    title: "Description",
    width: "minmax(180px, 2fr)",
    shown: true,
    card: "line",
    cell: (row) => row.description || "–",
  },
  {
    id: "rules",
    title: "Rules",
    width: "60px",
    align: "right",
    shown: true,
    card: "mark",
    cell: (row) => countText(row.rules_count),
  },
  shown(group.project),
  group.updated,
  group.created,
  group.id,
];

function UsedBy({ port: { site, device_id, device_owner } }: { readonly port: Port }) {
  if (!device_id) return <span className="dim">nothing</span>;
  if (!device_owner?.startsWith("compute:")) return device_owner ?? device_id;
  return (
    <Link to="/servers/$site/$id" params={{ site, id: device_id }}>
      server
    </Link>
  );
}

function reachText({ external, shared, owned }: Network): string {
  const words = [external && "external", shared && "shared", owned && "own"].filter(Boolean);
  return words.join(", ") || "–";
}
