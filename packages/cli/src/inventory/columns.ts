import { formatAge, formatBytes } from "../output/quantities.ts";
import { resourceState } from "../output/state.ts";
import type { Column } from "../output/table.ts";
import type {
  flavors,
  images,
  Kind,
  keypairs,
  networks,
  ports,
  Row,
  securityGroups,
  servers,
  volumes,
} from "./resource-kinds.ts";

/** A column of a list: its key is what `--columns` takes. */
export interface ListColumn<R> extends Column<R> {
  readonly key: string;
  /** Shown by `--long` only. */
  readonly long?: true;
}

type RowOf<K> = K extends Kind<infer R> ? R : never;

const name: ListColumn<Row> = { key: "name", title: "Name", cell: (row) => row.name, cut: true };
const site: ListColumn<Row> = { key: "site", title: "Site", cell: (row) => row.site };
const status: ListColumn<Row> = { key: "status", title: "Status", cell: (row) => resourceState(row.status) };
const id: ListColumn<Row> = { key: "id", title: "ID", cell: (row) => row.id };
const long_id: ListColumn<Row> = { ...id, long: true };
const project: ListColumn<Row> = {
  key: "project",
  title: "Project",
  cell: (row) => row.project_name,
  long: true,
  cut: true,
};

const created = (now: Date): ListColumn<Row> => ({
  key: "created",
  title: "Created",
  cell: (row) => row.created_at && formatAge(row.created_at, now),
  long: true,
});

const ram = (ram_mb: number | null) => (ram_mb === null ? "" : formatBytes(ram_mb * 1024 ** 2));

export const serverColumns = (now: Date): ListColumn<RowOf<typeof servers>>[] => [
  name,
  site,
  status,
  {
    key: "addresses",
    title: "Addresses",
    cell: ({ addresses }) =>
      addresses.map(({ address, kind }) => (kind === "floating" ? `${address}*` : address)).join(" "),
    cut: true,
  },
  { key: "flavor", title: "Flavor", cell: ({ flavor }) => flavor.name ?? flavor.id, cut: true },
  { key: "vcpus", title: "vCPUs", cell: ({ flavor }) => flavor.vcpus, align: "right", long: true },
  { key: "ram", title: "RAM", cell: ({ flavor }) => ram(flavor.ram_mb), align: "right", long: true },
  {
    key: "image",
    title: "Image",
    cell: ({ image }) => (image ? (image.name ?? image.id) : "(volume)"),
    cut: true,
    long: true,
  },
  {
    key: "volumes",
    title: "Volumes",
    cell: ({ volume_ids }) => volume_ids.length,
    align: "right",
    long: true,
  },
  { key: "zone", title: "Zone", cell: ({ availability_zone }) => availability_zone, long: true },
  { key: "locked", title: "Locked", cell: ({ locked }) => (locked ? "yes" : "no"), long: true },
  project,
  created(now),
  long_id,
];

export const volumeColumns = (now: Date): ListColumn<RowOf<typeof volumes>>[] => [
  name,
  site,
  status,
  { key: "size", title: "Size", cell: ({ size_gb }) => `${size_gb} GiB`, align: "right" },
  { key: "type", title: "Type", cell: ({ volume_type }) => volume_type, cut: true },
  {
    key: "attached_to",
    title: "Attached to",
    cell: ({ attached_to }) =>
      attached_to
        .map(
          ({ server_id, server_name, device }) => `${server_name ?? server_id}${device ? ` ${device}` : ""}`,
        )
        .join(", "),
    cut: true,
  },
  { key: "bootable", title: "Bootable", cell: ({ bootable }) => (bootable ? "yes" : "no"), long: true },
  { key: "encrypted", title: "Encrypted", cell: ({ encrypted }) => (encrypted ? "yes" : "no"), long: true },
  project,
  created(now),
  id,
];

export const imageColumns = (now: Date): ListColumn<RowOf<typeof images>>[] => [
  name,
  site,
  status,
  { key: "format", title: "Format", cell: ({ disk_format }) => disk_format },
  {
    key: "size",
    title: "Size",
    cell: ({ size_bytes }) => (size_bytes !== null && formatBytes(size_bytes)) || "",
    align: "right",
  },
  { key: "visibility", title: "Visibility", cell: ({ visibility }) => visibility },
  {
    key: "min_disk",
    title: "Min. disk",
    cell: ({ min_disk_gb }) => `${min_disk_gb} GiB`,
    align: "right",
    long: true,
  },
  {
    key: "min_ram",
    title: "Min. RAM",
    cell: ({ min_ram_mb }) => ram(min_ram_mb),
    align: "right",
    long: true,
  },
  project,
  created(now),
  id,
];

export const flavorColumns = (): ListColumn<RowOf<typeof flavors>>[] => [
  name,
  site,
  { key: "vcpus", title: "vCPUs", cell: ({ vcpus }) => vcpus, align: "right" },
  { key: "ram", title: "RAM", cell: ({ ram_mb }) => ram(ram_mb), align: "right" },
  { key: "disk", title: "Disk", cell: ({ disk_gb }) => `${disk_gb} GiB`, align: "right" },
  { key: "public", title: "Public", cell: (row) => (row.public ? "yes" : "no") },
  id,
];

export const networkColumns = (now: Date): ListColumn<RowOf<typeof networks>>[] => [
  name,
  site,
  status,
  {
    key: "subnets",
    title: "Subnets",
    cell: ({ subnets }) => subnets.map(({ cidr }) => cidr).join(" "),
    cut: true,
  },
  {
    key: "kind",
    title: "Kind",
    cell: ({ external, shared }) =>
      [external && "external", shared && "shared"].filter(Boolean).join(", ") || "private",
  },
  { key: "owned", title: "Own", cell: ({ owned }) => (owned ? "yes" : "no"), long: true },
  { key: "mtu", title: "MTU", cell: ({ mtu }) => mtu, align: "right", long: true },
  project,
  created(now),
  id,
];

export const portColumns = (now: Date): ListColumn<RowOf<typeof ports>>[] => [
  name,
  site,
  status,
  { key: "mac_address", title: "MAC address", cell: ({ mac_address }) => mac_address },
  {
    key: "fixed_ips",
    title: "Fixed IPs",
    cell: ({ fixed_ips }) => fixed_ips.map(({ ip_address }) => ip_address).join(" "),
    cut: true,
  },
  {
    key: "network",
    title: "Network",
    cell: ({ network_id, network_name }) => network_name ?? network_id,
    cut: true,
  },
  { key: "owner", title: "Owner", cell: ({ device_owner }) => device_owner, cut: true, long: true },
  { key: "device", title: "Device", cell: ({ device_id }) => device_id, cut: true, long: true },
  project,
  created(now),
  id,
];

export const securityGroupColumns = (now: Date): ListColumn<RowOf<typeof securityGroups>>[] => [
  name,
  site,
  { key: "rules", title: "Rules", cell: ({ rules_count }) => rules_count, align: "right" },
  { key: "description", title: "Description", cell: ({ description }) => description, cut: true },
  project,
  created(now),
  id,
];

export const keypairColumns = (now: Date): ListColumn<RowOf<typeof keypairs>>[] => [
  name,
  site,
  { key: "type", title: "Type", cell: ({ type }) => type },
  { key: "fingerprint", title: "Fingerprint", cell: ({ fingerprint }) => fingerprint },
  project,
  created(now),
];
