/** A domain by id or by name; `Default`/`default` where neither is given, as OpenStack's own clients do. */
export type PasswordAuth = {
  type: "password";
  username?: string | undefined;
  user_id?: string | undefined;
  password: string;
  user_domain_name?: string | undefined;
  user_domain_id?: string | undefined;
  project_name?: string | undefined;
  project_id?: string | undefined;
  project_domain_name?: string | undefined;
  project_domain_id?: string | undefined;
};

export type ApplicationCredentialAuth = {
  type: "application_credential";
  /** The id alone is enough; a name needs the user who made it. */
  id?: string | undefined;
  name?: string | undefined;
  secret: string;
  username?: string | undefined;
  user_id?: string | undefined;
  user_domain_name?: string | undefined;
  user_domain_id?: string | undefined;
};

/** A token that somebody else got. With `project_id` it is exchanged for one of that project. */
export type TokenAuth = { type: "token"; token: string; project_id?: string | undefined };

export type Auth = PasswordAuth | ApplicationCredentialAuth | TokenAuth;

export type Interface = "public" | "internal" | "admin";

/** What an entry of clouds.yaml says, with its names. */
export interface CloudCredentials {
  auth_url: string;
  auth: Auth;
  /** Needed where the catalog has several regions. */
  region_name?: string | undefined;
  /** Default `public`. */
  interface?: Interface | undefined;
  /** Certificates (PEM) that this site is trusted by, instead of the system's. */
  ca_pem?: string | undefined;
  /**
   * SHA-256 of the public key (SPKI, base64 or hex) of the certificate that every HTTPS host of the site shows, or of
   * one in its chain. A host that shows another is not talked to (`tls_pin`). The chain is checked beside it.
   */
  pin_sha256?: string | undefined;
  /** Accept any certificate: only for trying things out. */
  insecure?: boolean | undefined;
}
