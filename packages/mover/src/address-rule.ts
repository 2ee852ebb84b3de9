import { lookup as resolve } from "node:dns";
import { BlockList, isIP, type LookupFunction } from "node:net";
import { type FailureKind, TransferFailure } from "./failure.ts";

/** Link-local: the metadata services of clouds, which hand out credentials to whoever asks from the right machine. */
const LINK_LOCAL = new BlockList();
LINK_LOCAL.addSubnet("169.254.0.0", 16, "ipv4");
LINK_LOCAL.addSubnet("fe80::", 10, "ipv6");
LINK_LOCAL.addAddress("fd00:ec2::254", "ipv6");

export interface AddressRule {
  /** Resolves a name and refuses what it must not become: asked at connect time, so that no second look-up can differ. */
  readonly lookup: LookupFunction;
  /** A literal address is never looked up: this refuses those. */
  check(url: URL): void;
}

export function addressRule(kind: FailureKind, allow_link_local: boolean): AddressRule {
  const refused = (host: string, address: string) =>
    new TransferFailure(
      kind,
      "site-address-refused",
      `Uniview does not connect to ${host} (${address}): link-local addresses are refused unless allowed in its configuration.`,
    );
  const allowed = (address: string): boolean =>
    allow_link_local || !LINK_LOCAL.check(address, isIP(address) === 6 ? "ipv6" : "ipv4");
  return {
    check(url) {
      const literal = url.hostname.replaceAll(/^\[|\]$/g, "");
      if (isIP(literal) !== 0 && !allowed(literal)) throw refused(url.host, literal);
    },
    lookup(host, options, callback) {
      resolve(host, { ...options, all: true }, (error, addresses) => {
        if (error) return callback(error, "", 0);
        const bad = addresses.find(({ address }) => !allowed(address));
        const [first] = addresses;
        if (bad) return callback(refused(host, bad.address), "", 0);
        if (!first) return callback(new Error(`${host} has no address`), "", 0);
        return options.all ? callback(null, addresses) : callback(null, first.address, first.family);
      });
    },
  };
}
