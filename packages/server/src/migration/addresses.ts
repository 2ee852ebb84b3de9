import type { Server } from "@uniview/api";
import type { Server as NovaServer } from "@uniview/openstack/compute/server";

/** A server's addresses as the contract has them. */
export function addressesOf({ addresses = {} }: Pick<NovaServer, "addresses">): Server["addresses"] {
  return Object.entries(addresses).flatMap(([network, rows]) =>
    rows.map((row) => ({
      network,
      address: row.addr,
      version: row.version,
      mac: row["OS-EXT-IPS-MAC:mac_addr"] ?? null,
      kind: row["OS-EXT-IPS:type"] ?? "fixed",
    })),
  );
}
