/** Who signs in at Keystone v3. */
export type KeystoneIdentity =
  | {
      readonly method: "password";
      readonly user:
        | { readonly id: string }
        | { readonly name: string; readonly domain: { readonly id: string } | { readonly name: string } };
      readonly password: string;
      readonly project:
        | { readonly id: string }
        | { readonly name: string; readonly domain: { readonly id: string } | { readonly name: string } };
    }
  | {
      readonly method: "application_credential";
      readonly id: string;
      readonly secret: string;
    };

/** How to come to a token and to the URL of the account: by Keystone, or by Swift's own older way. */
export type SwiftSignIn =
  | {
      readonly kind: "keystone";
      readonly auth_url: string;
      readonly identity: KeystoneIdentity;
      /** Keystone's. Absent: the only one that has an object store. */
      readonly region?: string;
      readonly interface: string;
    }
  | { readonly kind: "tempauth"; readonly auth_url: string; readonly user: string; readonly key: string };

/** What a sign-in gives. The token is a secret. */
export interface SwiftTicket {
  readonly token: string;
  /** Of the account, without a slash at the end. */
  readonly account_url: string;
}
