import type { Readable } from "node:stream";
import type { VersionRange } from "../discovery/microversion.ts";
import type { JsonFields } from "./json-fields.ts";
import type { SentAnswer } from "./sent-rows.ts";
import type { ServiceType } from "./service-types.ts";

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type Method = "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE";
export type QueryValue = string | number | boolean | undefined | readonly (string | number)[];
export type Query = Readonly<Record<string, QueryValue>>;

export interface CallOptions {
  query?: Query | undefined;
  /** Sent as JSON; undefined fields inside are left out. */
  body?: unknown;
  headers?: Readonly<Record<string, string>> | undefined;
  /** Asked for by the service's own headers; undefined asks for none, which is the oldest behaviour. */
  microversion?: string | undefined;
  signal?: AbortSignal | undefined;
  /** Deadline of the whole call with all its tries; starts when the call leaves the queue. */
  timeout_ms?: number | undefined;
  /** May the call be sent again when its answer was lost? GET, HEAD and DELETE may anyway. */
  idempotent?: boolean | undefined;
  /**
   * The answer must be an object with this field, which is returned alone: `unwrap: "server"`.
   * Anything else is a `SiteUnreachable` of kind `not_openstack`.
   */
  unwrap?: string | undefined;
  /** Like `unwrap`, but the whole answer is returned. */
  require?: string | undefined;
}

export interface SentOptions extends CallOptions {
  require: string;
  /** What to find in each row on the way; see {@link SentRows}. */
  fields?: JsonFields | undefined;
}

export interface StreamOptions {
  method?: Method | undefined;
  query?: Query | undefined;
  headers?: Readonly<Record<string, string>> | undefined;
  /** Sent as it comes, in constant memory. A stream is read once, so such a call is never sent twice. */
  body?: Readable | undefined;
  microversion?: string | undefined;
  signal?: AbortSignal | undefined;
  /** Longest silence between two pieces of the body, not the length of the whole transfer. */
  idle_timeout_ms?: number | undefined;
}

export interface Answer<Body = Json> {
  status: number;
  headers: Readonly<Record<string, string | undefined>>;
  /** undefined where the answer has no body (202, 204). */
  body: Body;
  request_id: string | undefined;
}

export interface StreamedAnswer {
  status: number;
  headers: Readonly<Record<string, string | undefined>>;
  body: Readable;
  request_id: string | undefined;
}

/**
 * One service of one site as one project and user see it. Paths begin with `/` and are below `endpoint`.
 *
 * The type arguments say what shape the site is trusted to send: OpenStack's bodies keep their spelling and are not
 * checked field by field, only their envelope is (`unwrap`).
 *
 * @throws OpenStackError the site answered with an error
 * @throws SiteUnreachable nothing useful came back
 */
export interface ServiceClient {
  readonly type: ServiceType;
  /** Base URL with its version segment, no slash at the end. */
  readonly endpoint: string;
  readonly versions: VersionRange;
  /** The smaller of what is wanted and what the site offers; undefined where the service has no microversions. */
  best(want: string): string | undefined;
  supports(microversion: string): boolean;
  request<Body = Json>(method: Method, path: string, options?: CallOptions): Promise<Answer<Body>>;
  get<Body = Json>(path: string, options?: CallOptions): Promise<Body>;
  /** The list, or the one object, that `require` names, as the site spelled it; see {@link SentRows}. */
  getSent(path: string, options: SentOptions): Promise<SentAnswer>;
  post<Body = Json>(path: string, options?: CallOptions): Promise<Body>;
  put<Body = Json>(path: string, options?: CallOptions): Promise<Body>;
  patch<Body = Json>(path: string, options?: CallOptions): Promise<Body>;
  delete<Body = Json>(path: string, options?: CallOptions): Promise<Body>;
  stream(path: string, options?: StreamOptions): Promise<StreamedAnswer>;
  /** URL and headers for a process that moves the bytes itself (a mover). The headers hold a token: never log them. */
  authorize(path: string, options?: { least_lifetime_ms?: number }): Promise<AuthorizedUrl>;
}

export interface AuthorizedUrl {
  url: string;
  headers: Record<string, string>;
  /** When the token in the headers ends, ISO 8601 UTC. */
  expires_at: string;
  /** The CA certificates of the site, where it has its own. */
  ca_pem: string | undefined;
}
