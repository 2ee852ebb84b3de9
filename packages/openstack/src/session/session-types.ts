import type { VersionRange } from "../discovery/microversion.ts";
import type { ServiceClient } from "../service/service-client.ts";
import type { ServiceType } from "../service/service-types.ts";
import type { Catalog } from "./catalog.ts";
import type { Gate } from "./gate.ts";
import type { Token } from "./token.ts";

export interface SessionOptions {
  /** Calls under way at once, over all services of the site; streams are not counted. */
  max_in_flight?: number | undefined;
  /** Further limits that this session shares with others: of one site, of the whole process. */
  limits?: readonly Gate[] | undefined;
  /** Deadline of one call with all its tries. */
  timeout_ms?: number | undefined;
  user_agent?: string | undefined;
  /** Which addresses may be connected to, asked after name resolution, for each connection. */
  allow_address?: ((ip: string) => boolean) | undefined;
  /** Told of each try on the wire. Must not throw. */
  on_request?: ((record: RequestRecord) => void) | undefined;
}

/** One try of one call, without headers, bodies or tokens; of a body only which action it asked for, if any. */
export interface RequestRecord {
  service: ServiceType;
  method: string;
  path: string;
  url_host: string;
  /** Which try this was, from 1. */
  attempt: number;
  /** undefined where no answer came. */
  status: number | undefined;
  request_id: string | undefined;
  microversion: string | undefined;
  duration_ms: number;
  /** What a `…/action` call asked for: `createImage`. */
  action?: string | undefined;
  /** The site's own words, where it answered with an error. */
  reason?: string | undefined;
  problem?: string | undefined;
}

/** The certificate that an HTTPS host showed on the latest connection. */
export interface SeenCertificate {
  host: string;
  subject: string;
  issuer: string;
  /** ISO 8601 UTC. */
  valid_from: string;
  valid_to: string;
  fingerprint_sha256: string;
}

export interface Certificate extends SeenCertificate {
  /** Whole days until `valid_to`, now; negative after it. */
  days_left: number;
}

/**
 * One user in one project at one site. Nothing is sent before the first use; then the token is kept, renewed before
 * it ends and shared by all services.
 */
export interface Session {
  readonly auth_url: string;
  readonly region_name: string | undefined;
  token(): Promise<Token>;
  /** The site refused this token: the next call of `token()` gets a new one. */
  discard(token_id: string): void;
  catalog(): Promise<Catalog>;
  /**
   * Finds the service in the catalog and asks it which versions it speaks: the first time, and from then on each minute
   * beside the calls that go on. One that contradicts what it said, by its status (406, 300, a 404 that is not of a
   * resource) or its version header, is asked anew before the next call. `fresh` asks at once and waits for the answer.
   */
  service(type: ServiceType, options?: { fresh?: boolean }): Promise<ServiceClient>;
  /**
   * Reads what a service says about its versions without a token: for a site that refuses the credential.
   *
   * @param endpoint its URL, from a catalog of before
   * @throws SiteUnreachable, OpenStackError 5xx
   */
  versionsAt(type: ServiceType, endpoint: string): Promise<VersionRange>;
  /** Get a new token, and with it a new catalog, at the next use. */
  renewToken(): void;
  /** Certificates seen so far, by host; empty for plain HTTP. */
  certificates(): readonly Certificate[];
  close(): Promise<void>;
  /** The next four are known after the first authentication. */
  readonly project: Token["project"];
  readonly user: Token["user"] | undefined;
  readonly roles: Token["roles"];
  readonly expires_at: string | undefined;
}
