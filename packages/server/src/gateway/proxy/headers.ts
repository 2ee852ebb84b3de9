import type { IncomingHttpHeaders } from "node:http";
import { type SiteView, toPublicUrl } from "./site-view.ts";

/** Of one connection only (RFC 9110 7.6.1), with what proxies of old add. */
const HOP_BY_HOP = [
  "connection",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authorization",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
];

/**
 * What a site must not get of a client's request: its token and cookies of Uniview, and what we say ourselves.
 * Without `accept-encoding` a site answers JSON as it is, so that links can be rewritten.
 */
const KEPT_FROM_SITES: ReadonlySet<string> = new Set([
  ...HOP_BY_HOP,
  "host",
  "x-auth-token",
  "x-subject-token",
  "x-service-token",
  "x-storage-token",
  "authorization",
  "cookie",
  "expect",
  "accept-encoding",
  "content-length",
  "forwarded",
  "origin",
  "referer",
]);

/**
 * What a client must not get of a site's answer: the site's tokens, and what would speak for our whole origin.
 * `content-length` is set again where the body stays as it is.
 */
const KEPT_FROM_CLIENTS: ReadonlySet<string> = new Set([
  ...HOP_BY_HOP,
  "x-auth-token",
  "x-subject-token",
  "x-storage-token",
  "set-cookie",
  "www-authenticate",
  "strict-transport-security",
  "public-key-pins",
  "content-security-policy",
  "clear-site-data",
  "service-worker-allowed",
  "alt-svc",
]);

/** Headers whose value is a URL of the site. */
const URLS: ReadonlySet<string> = new Set(["location", "content-location", "x-storage-url"]);

/** A page that a site sends is nobody's page here: it runs no script and reads nothing of Uniview. */
const HARMLESS = ["content-security-policy", "sandbox"];

/** Headers for the site: all of the client's but those above, with the site's own token. */
export function toSiteHeaders(
  headers: IncomingHttpHeaders,
  view: SiteView,
  token: string | undefined,
  request_id: string,
): Record<string, string | string[]> {
  const sent: Record<string, string | string[]> = {};
  const listed = headers.connection === undefined ? undefined : namesIn(headers.connection);
  for (const name in headers) {
    const value = headers[name];
    if (value === undefined || KEPT_FROM_SITES.has(name) || listed?.has(name)) continue;
    if (name.startsWith("x-forwarded-") || name.startsWith("sec-")) continue;
    sent[name] =
      typeof value === "string" && value.includes(view.project_id)
        ? value.replaceAll(view.project_id, view.site_project_id) // Swift: x-container-read, destination-account
        : value;
  }
  if (token !== undefined) sent["x-auth-token"] = token;
  // what the site writes in its own logs beside its own id; a client's own comes first
  sent["x-openstack-request-id"] ??= request_id;
  return sent;
}

export interface AnswerHeaders {
  /** false: the body is changed, so its length is not the site's. */
  readonly keep_length: boolean;
  readonly request_id: string;
  /** What a browser may do with it: name and value in turns; absent: nothing. */
  readonly security?: readonly string[] | undefined;
}

/**
 * Headers for the client, name and value in turns as the site wrote them.
 * @param raw likewise, as undici hands them on
 */
export function toClientHeaders(
  raw: readonly (Buffer | string)[],
  view: SiteView,
  { keep_length, request_id, security = HARMLESS }: AnswerHeaders,
): string[] {
  const sent: string[] = [];
  let listed: ReadonlySet<string> | undefined;
  for (let at = 0; at + 1 < raw.length; at += 2) {
    const name = String(raw[at]);
    if (name.length === 10 && name.toLowerCase() === "connection") listed = namesIn(String(raw[at + 1]));
  }
  for (let at = 0; at + 1 < raw.length; at += 2) {
    const name = String(raw[at]);
    const lower = name.toLowerCase();
    if (KEPT_FROM_CLIENTS.has(lower) || listed?.has(lower)) continue;
    if (lower === "content-length" && !keep_length) continue;
    if (lower.startsWith("access-control-") || lower === "x-content-type-options") continue;
    const value = latin1(raw[at + 1]);
    if (URLS.has(lower)) sent.push(name, toPublicUrl(value, view) ?? value);
    else sent.push(name, value.replaceAll(view.site_project_id, view.project_id));
  }
  sent.push("x-content-type-options", "nosniff", ...security, "x-uniview-request-id", request_id);
  return sent;
}

function latin1(value: Buffer | string | undefined): string {
  return typeof value === "string" ? value : (value?.toString("latin1") ?? "");
}

function namesIn(connection: string): ReadonlySet<string> {
  return new Set(connection.split(",").map((name) => name.trim().toLowerCase()));
}
