import type { Server } from "@uniview/api";
import { type Body, isBody, object, text } from "./body.ts";

/** The addresses of a server's body as Nova caches them, in the contract's form. */
export function addressesOf(body: Body): Server["addresses"] {
  const told = object(body, "addresses");
  const addresses: Server["addresses"] = [];
  for (const network in told) {
    const list = told[network];
    if (!Array.isArray(list)) continue;
    for (const one of list) {
      const address = isBody(one) ? text(one, "addr") : null;
      if (address === null) continue;
      addresses.push({
        network,
        address,
        version: address.includes(":") ? 6 : 4,
        mac: text(one, "OS-EXT-IPS-MAC:mac_addr"),
        kind: one["OS-EXT-IPS:type"] === "floating" ? "floating" : "fixed",
      });
    }
  }
  return addresses;
}
