import { IconLock } from "@tabler/icons-react";
import type { Server } from "@uniview/api";
import { Copyable } from "../../ui/copyable.tsx";
import { StateMark } from "../../ui/state-mark.tsx";
import { resourceState } from "../../ui/states.ts";
import { memoryText } from "../../ui/units.ts";
import type { Column } from "../column.ts";
import { anyKind, shown } from "./any-kind.tsx";
import classes from "./columns.module.css";

const any = anyKind<Server>("servers");

export const serverColumns: readonly Column<Server>[] = [
  {
    ...any.name,
    cell: (row) => (
      <span className={classes.withMark}>
        {any.name.cell(row)}
        {row.locked && <IconLock size={13} aria-label="locked" />}
      </span>
    ),
  },
  any.site,
  { ...any.status, cell: (row) => <StateMark state={resourceState(row.status, row.task_state)} /> },
  {
    id: "address",
    title: "Address",
    width: "minmax(130px, 1.1fr)",
    shown: true,
    card: "line",
    cell: (row) => <Addresses server={row} />,
  },
  {
    id: "flavor",
    title: "Flavor",
    width: "minmax(100px, 0.9fr)",
    shown: true,
    card: "line",
    cell: ({ flavor }) => flavor.name ?? <span className="dim">–</span>,
  },
  {
    id: "vcpus",
    title: "vCPU",
    width: "44px",
    align: "right",
    shown: true,
    cell: ({ flavor }) => flavor.vcpus ?? "–",
  },
  {
    id: "ram",
    title: "RAM",
    width: "70px",
    align: "right",
    shown: true,
    cell: ({ flavor }) => (flavor.ram_mb === null ? "–" : memoryText(flavor.ram_mb)),
  },
  {
    id: "image",
    title: "Image",
    width: "minmax(120px, 1fr)",
    shown: false,
    cell: ({ image }) => image?.name ?? image?.id ?? <span className="dim">from volume</span>,
  },
  {
    id: "zone",
    title: "Zone",
    width: "minmax(70px, 0.6fr)",
    shown: false,
    cell: (row) => row.availability_zone ?? "–",
  },
  {
    id: "key",
    title: "Keypair",
    width: "minmax(80px, 0.7fr)",
    shown: false,
    cell: (row) => row.key_name ?? "–",
  },
  { id: "tags", title: "Tags", width: "minmax(90px, 1fr)", shown: false, cell: (row) => row.tags.join(", ") },
  shown(any.project),
  any.updated,
  any.created,
  any.id,
];

/** The address that one would connect to, floating before fixed, and how many more there are. */
function Addresses({ server: { addresses } }: { readonly server: Server }) {
  const first = addresses.find(({ kind }) => kind === "floating") ?? addresses[0];
  if (!first) return <span className="dim">–</span>;
  const more = addresses.length - 1;
  return (
    <span
      className={classes.withMark}
      title={addresses.map(({ address, network }) => `${address} (${network})`).join("\n")}
    >
      <Copyable value={first.address} what="address" mono={false} />
      {more > 0 && <span className="dim">+{more}</span>}
    </span>
  );
}
