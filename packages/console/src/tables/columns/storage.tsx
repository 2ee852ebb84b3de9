import { Link } from "@tanstack/react-router";
import type { Image, Volume } from "@uniview/api";
import { sizeText } from "../../ui/units.ts";
import type { Column } from "../column.ts";
import { anyKind, shown } from "./any-kind.tsx";

const volume = anyKind<Volume>("volumes");
const image = anyKind<Image>("images");

/** Cinder's `size` is in GiB. */
const GIB = 2 ** 30;

export const volumeColumns: readonly Column<Volume>[] = [
  volume.name,
  volume.site,
  volume.status,
  {
    id: "size",
    title: "Size",
    width: "80px",
    align: "right",
    shown: true,
    card: "line",
    cell: (row) => sizeText(row.size_gb * GIB),
  },
  {
    id: "type",
    title: "Type",
    width: "minmax(90px, 0.8fr)",
    shown: true,
    card: "line",
    cell: (row) => row.volume_type ?? "–",
  },
  {
    id: "attached",
    title: "Attached to",
    width: "minmax(140px, 1.2fr)",
    shown: true,
    card: "line",
    cell: (row) => <Attachments volume={row} />,
  },
  { id: "bootable", title: "Bootable", width: "72px", shown: true, cell: (row) => yesOrNo(row.bootable) },
  { id: "encrypted", title: "Encrypted", width: "78px", shown: false, cell: (row) => yesOrNo(row.encrypted) },
  shown(volume.project),
  volume.updated,
  volume.created,
  volume.id,
];

export const imageColumns: readonly Column<Image>[] = [
  image.name,
  image.site,
  image.status,
  {
    id: "size",
    title: "Size",
    width: "80px",
    align: "right",
    shown: true,
    card: "line",
    cell: (row) => (row.size_bytes === null ? "–" : sizeText(row.size_bytes)),
  },
  {
    id: "format",
    title: "Format",
    width: "72px",
    shown: true,
    card: "line",
    cell: (row) => row.disk_format ?? "–",
  },
  {
    id: "visibility",
    title: "Visibility",
    width: "minmax(80px, 0.7fr)",
    shown: true,
    cell: (row) => row.visibility ?? "–",
  },
  {
    id: "min-disk",
    title: "Min. disk",
    width: "80px",
    align: "right",
    shown: false,
    cell: (row) => (row.min_disk_gb === 0 ? "–" : sizeText(row.min_disk_gb * GIB)),
  },
  { id: "protected", title: "Protected", width: "76px", shown: false, cell: (row) => yesOrNo(row.protected) },
  image.project,
  image.updated,
  image.created,
  image.id,
];

function Attachments({ volume: { attached_to, site } }: { readonly volume: Volume }) {
  if (attached_to.length === 0) return <span className="dim">nothing</span>;
  return attached_to.map(({ server_id, server_name, device }, index) => (
    <span key={server_id}>
      {index > 0 && ", "}
      <Link to="/servers/$site/$id" params={{ site, id: server_id }} className="plain">
        {server_name ?? server_id}
      </Link>
      {device && <span className="dim"> {device}</span>}
    </span>
  ));
}

function yesOrNo(value: boolean): string {
  return value ? "Yes" : "No";
}
