import type { Flavor } from "@uniview/api";
import type { RowOf } from "../../api/rows.ts";
import { Copyable } from "../../ui/copyable.tsx";
import { memoryText, sizeText } from "../../ui/units.ts";
import type { Column } from "../column.ts";
import { anyKind, shown } from "./any-kind.tsx";

type Keypair = RowOf<"keypairs">;

const flavor = anyKind<Flavor>("flavors");
const keypair = anyKind<Keypair>("keypairs");

/** Nova's `disk` is in GiB. */
const GIB = 2 ** 30;

export const flavorColumns: readonly Column<Flavor>[] = [
  flavor.name,
  flavor.site,
  {
    id: "vcpus",
    title: "vCPU",
    width: "60px",
    align: "right",
    shown: true,
    card: "line",
    cell: (row) => `${row.vcpus}`,
  },
  {
    id: "ram",
    title: "RAM",
    width: "90px",
    align: "right",
    shown: true,
    card: "line",
    cell: (row) => memoryText(row.ram_mb),
  },
  {
    id: "disk",
    title: "Root disk",
    width: "90px",
    align: "right",
    shown: true,
    card: "line",
    cell: (row) => (row.disk_gb === 0 ? "as the image" : sizeText(row.disk_gb * GIB)),
  },
  {
    id: "public",
    title: "For",
    width: "minmax(90px, 0.7fr)",
    shown: true,
    cell: (row) => (row.public ? "everybody" : "some projects"),
  },
  flavor.project,
  { ...flavor.id, shown: true },
];

export const keypairColumns: readonly Column<Keypair>[] = [
  keypair.name,
  keypair.site,
  { id: "type", title: "Type", width: "70px", shown: true, card: "mark", cell: (row) => row.type },
  {
    id: "fingerprint",
    title: "Fingerprint",
    width: "minmax(240px, 2fr)",
    shown: true,
    card: "line",
    cell: (row) => <Copyable value={row.fingerprint} what="fingerprint" />,
  },
  shown(keypair.project),
  keypair.created,
];
