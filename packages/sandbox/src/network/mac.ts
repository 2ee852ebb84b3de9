import { randomBytes } from "node:crypto";
import type { Site } from "../site.ts";

/** With Neutron's default prefix; unique at the site, as Neutron sees to it per network. */
export function newMac(site: Site): string {
  for (;;) {
    const mac = `fa:16:3e:${[...randomBytes(3)].map((byte) => byte.toString(16).padStart(2, "0")).join(":")}`;
    if (![...site.state.ports.values()].some((port) => port.mac_address === mac)) return mac;
  }
}

export function isMac(text: string): boolean {
  return /^([0-9a-f]{2}:){5}[0-9a-f]{2}$/i.test(text);
}
