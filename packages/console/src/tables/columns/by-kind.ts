import type { ResourceKind } from "@uniview/api";
import type { RowOf } from "../../api/rows.ts";
import type { Column } from "../column.ts";
import { flavorColumns, keypairColumns } from "./flavors.tsx";
import { networkColumns, portColumns, securityGroupColumns } from "./network.tsx";
import { serverColumns } from "./servers.tsx";
import { imageColumns, volumeColumns } from "./storage.tsx";

const COLUMNS: { readonly [K in ResourceKind]: readonly Column<RowOf<K>>[] } = {
  servers: serverColumns,
  volumes: volumeColumns,
  images: imageColumns,
  flavors: flavorColumns,
  networks: networkColumns,
  ports: portColumns,
  "security-groups": securityGroupColumns,
  keypairs: keypairColumns,
};

export function columnsOf<K extends ResourceKind>(kind: K): readonly Column<RowOf<K>>[] {
  return COLUMNS[kind];
}

/** The states that a list offers as a filter; the search takes any other, too. Empty: the kind has none. */
export const STATUSES: Record<ResourceKind, readonly string[]> = {
  servers: ["active", "shutoff", "error", "build", "paused", "suspended", "shelved_offloaded"],
  volumes: ["available", "in-use", "error", "creating", "attaching", "detaching"],
  images: ["active", "queued", "saving", "importing", "deactivated"],
  flavors: [],
  networks: ["active", "down", "build", "error"],
  ports: ["active", "down", "build", "error"],
  "security-groups": [],
  keypairs: [],
};
