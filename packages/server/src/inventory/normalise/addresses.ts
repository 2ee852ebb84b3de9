import type { Server } from "@uniview/api";
import { type Body, isBody, object, text } from "./body.ts";

/** The addresses of a server's body as Nova caches them, in the contract's form. */
export function addressesOf(body: Body): Server["addresses"] {
  return Object.entries(object(body, "addresses") ?? {}).flatMap(([network, list]) =>
    (Array.isArray(list) ? list.filter(isBody) : []).flatMap((one) => {
      const address = text(one, "addr");
      if (address === null) return [];
      return {
        network: text({ network }, "network") ?? "",
        address,
        version: address.includes(":") ? 6 : 4,
        mac: text(one, "OS-EXT-IPS-MAC:mac_addr"),
        kind: one["OS-EXT-IPS:type"] === "floating" ? "floating" : "fixed",
      } as const;
    }),
  );
}
