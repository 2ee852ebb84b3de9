/** Keystone's `v3.14` (Ussuri and later): application credentials with access rules, receipts, TOTP. */
const IDENTITY_VERSION = "v3.14";
const UPDATED = "2020-04-07T00:00:00Z";

interface VersionDocument {
  readonly id: string;
  readonly status: "stable";
  readonly updated: string;
  readonly links: readonly { readonly rel: "self"; readonly href: string }[];
  readonly "media-types": readonly { readonly base: string; readonly type: string }[];
}

/** What `/identity/v3` is. The link has the address under which this client reaches us. */
export function identityVersion(public_url: string): VersionDocument {
  return {
    id: IDENTITY_VERSION,
    status: "stable",
    updated: UPDATED,
    links: [{ rel: "self", href: `${public_url}/identity/v3/` }],
    "media-types": [{ base: "application/json", type: "application/vnd.openstack.identity-v3+json" }],
  };
}
