import type { ServiceType } from "../service/service-types.ts";

/** What is known about a call that a site answered with an error. Holds no header, body or token of ours. */
export interface OpenStackErrorFields {
  service: ServiceType;
  method: string;
  /** Path and query of the URL. */
  path: string;
  status: number;
  /** The site's own words. */
  message: string;
  /** `X-Openstack-Request-Id` of the answer: what the site's operator searches their logs for. */
  request_id: string | undefined;
  microversion: string | undefined;
  /** Host and port that answered. */
  url_host: string;
  /** False when the answer was no JSON: a proxy's page, or Glance's. */
  structured?: boolean | undefined;
  /** From `Retry-After`, when the site sent it. */
  retry_after_ms?: number | undefined;
}

const PASSING_STATUSES: ReadonlySet<number> = new Set([408, 425, 429, 502, 503, 504]);
/** Old Nova limits its rate with 413 and a time to wait; Cinder answers 413 with `Retry-After: 0` to a spent quota. */
const RATE_OR_QUOTA = 413;
const SAFE_TO_REPEAT: ReadonlySet<string> = new Set(["GET", "HEAD", "PUT", "DELETE"]);

/** A site understood the call well enough to answer it with an error status. */
export class OpenStackError extends Error {
  override readonly name = "OpenStackError";
  readonly service: ServiceType;
  readonly method: string;
  readonly path: string;
  readonly status: number;
  /** The site's own words, without the sentence around them that `message` has. */
  readonly reason: string;
  readonly request_id: string | undefined;
  readonly microversion: string | undefined;
  readonly url_host: string;
  readonly structured: boolean;
  readonly retry_after_ms: number | undefined;
  /** True when the same call may well succeed later without anybody changing anything. */
  readonly retryable: boolean;

  constructor(fields: OpenStackErrorFields, options?: ErrorOptions) {
    const { service, method, path, status, url_host, microversion, message } = fields;
    const asked = microversion === undefined ? "" : ` at microversion ${microversion}`;
    super(`${service} at ${url_host} answered ${status} to ${method} ${path}${asked}: ${message}`, options);
    this.service = service;
    this.method = method;
    this.path = path;
    this.status = status;
    this.reason = message;
    this.request_id = fields.request_id;
    this.microversion = microversion;
    this.url_host = url_host;
    this.structured = fields.structured ?? true;
    this.retry_after_ms = fields.retry_after_ms;
    // A 500 of a call that may be repeated is worth a later try (the site's database or queue was away);
    // a 500 of a POST may have acted already, so that is for the caller to look into.
    this.retryable =
      PASSING_STATUSES.has(status) ||
      (status === RATE_OR_QUOTA && (fields.retry_after_ms ?? 0) > 0) ||
      (status === 500 && SAFE_TO_REPEAT.has(method));
  }
}

/** Did a site answer with this status (or one of these)? */
export function isStatus(error: unknown, ...statuses: number[]): error is OpenStackError {
  return error instanceof OpenStackError && statuses.includes(error.status);
}

/**
 * The result of a call, or undefined where the site says 404: for deletes that may run twice
 * (`await unlessMissing(deleteServer(nova, id))`) and for looking whether something is there.
 */
export async function unlessMissing<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if (isStatus(error, 404)) return undefined;
    throw error;
  }
}
