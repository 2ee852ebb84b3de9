import { BlockList, isIP } from "node:net";

/**
 * Addresses that a site's URL must not lead to: a cloud's metadata service would hand out the credentials of the
 * machine that Uniview runs on. Loopback and private ranges stay allowed, since private OpenStacks live there.
 */
const LINK_LOCAL_AND_METADATA = new BlockList();
LINK_LOCAL_AND_METADATA.addSubnet("169.254.0.0", 16, "ipv4");
LINK_LOCAL_AND_METADATA.addSubnet("fe80::", 10, "ipv6");
LINK_LOCAL_AND_METADATA.addAddress("fd00:ec2::254", "ipv6");
LINK_LOCAL_AND_METADATA.addAddress("100.100.100.200", "ipv4");
LINK_LOCAL_AND_METADATA.addAddress("0.0.0.0", "ipv4");
LINK_LOCAL_AND_METADATA.addAddress("::", "ipv6");
LINK_LOCAL_AND_METADATA.addSubnet("224.0.0.0", 4, "ipv4");
LINK_LOCAL_AND_METADATA.addSubnet("ff00::", 8, "ipv6");

/** The default of `SessionOptions.allow_address`. */
export function allowAddress(ip: string): boolean {
  const family = isIP(ip);
  return family !== 0 && !LINK_LOCAL_AND_METADATA.check(ip, family === 6 ? "ipv6" : "ipv4");
}

/** Thrown inside a connection attempt; becomes a `SiteUnreachable` of kind `address_refused`. */
export class AddressRefused extends Error {
  readonly code = "UNIVIEW_ADDRESS_REFUSED";
  readonly address: string;

  constructor(address: string) {
    super(`The address ${address} may not be connected to.`);
    this.address = address;
  }
}
