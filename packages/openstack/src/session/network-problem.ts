import { SiteUnreachable, type UnreachableKind } from "../errors/site-unreachable.ts";
import { AddressRefused } from "./address-guard.ts";

/** Codes of Node, OpenSSL and undici, and what they mean for somebody who added a site. */
const KINDS: readonly [RegExp, UnreachableKind][] = [
  [/^(ENOTFOUND|EAI_\w+|ENODATA)$/, "dns"],
  [/^ECONNREFUSED$/, "refused"],
  [/^(EHOSTUNREACH|ENETUNREACH|EHOSTDOWN|EADDRNOTAVAIL|EACCES|EPERM)$/, "unroutable"],
  [/^(ETIMEDOUT|UND_ERR_\w+_TIMEOUT|ERR_TLS_HANDSHAKE_TIMEOUT)$/, "timeout"],
  [/^UNIVIEW_PIN_MISMATCH$/, "tls_pin"],
  [/^(CERT_HAS_EXPIRED|CERT_NOT_YET_VALID)$/, "tls_expired"],
  [/^ERR_TLS_CERT_ALTNAME_INVALID$/, "tls_hostname"],
  [
    /^(DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_\w+|CERT_\w+|INVALID_CA)$/,
    "tls_untrusted",
  ],
  // OpenSSL 3.5 writes some alerts with a slash: ERR_SSL_SSL/TLS_ALERT_HANDSHAKE_FAILURE.
  [/^(EPROTO|ERR_SSL_.+|ERR_TLS_.+)$/, "tls_protocol"],
  [/^(HPE_\w+|UND_ERR_RES_EXCEEDED_MAX_SIZE|UND_ERR_HEADERS_OVERFLOW)$/, "not_openstack"],
  [/^(ECONNRESET|EPIPE|ECONNABORTED|UND_ERR_SOCKET|UND_ERR_\w+)$/, "reset"],
];

const SENTENCES: Readonly<Record<UnreachableKind, (host: string) => string>> = {
  dns: (host) => `The name of ${host} cannot be resolved. Check the URL and this machine's DNS.`,
  refused: (host) => `${host} refuses the connection. Check that the service runs there, and the port.`,
  unroutable: (host) => `There is no way to ${host} from here. Check network, routes and firewalls.`,
  timeout: (host) =>
    `${host} did not answer in time. Check that it is up and that no firewall drops the packets.`,
  reset: (host) =>
    `${host} closed the connection before it answered. Try again; if it stays, look at its proxy.`,
  tls_expired: (host) =>
    `The certificate of ${host} has expired or is not valid yet. Ask its operator to renew it.`,
  tls_untrusted: (host) =>
    `The certificate of ${host} is signed by nobody we trust. Give its CA certificate (ca_pem).`,
  tls_hostname: (host) =>
    `The certificate of ${host} is for another name. Use the name that it was made for.`,
  tls_protocol: (host) =>
    `${host} does not speak TLS as we do. Check that the URL should begin with https, its TLS versions and ciphers, and that it asks for no client certificate.`,
  tls_pin: (host) =>
    `The certificate of ${host} has another key than the one that is pinned. Check with its operator that it was renewed, then give its new pin_sha256.`,
  not_openstack: (host) => `${host} does not answer as OpenStack does. Check the URL.`,
  redirected: (host) => `${host} redirects to another host, which is not followed. Use the final URL.`,
  address_refused: (host) =>
    `${host} is an address that is never connected to. Use another address of the site.`,
  no_endpoint: (host) => `The catalog of ${host} has no such service.`,
};

/** Turns whatever a failed connection threw into a `SiteUnreachable`; what is none of its kind stays as it is. */
export function asSiteUnreachable(error: unknown, host: string): unknown {
  if (error instanceof SiteUnreachable) return error;
  const refused = findCause(error, (cause) => cause instanceof AddressRefused);
  if (refused instanceof AddressRefused) {
    const named = host.includes(refused.address) ? host : `${host} (${refused.address})`;
    return unreachable("address_refused", host, named, error);
  }
  const kind = kindOf(error);
  return kind === undefined ? error : unreachable(kind, host, host, error);
}

/** A deadline of ours that ran out. */
export function deadlinePassed(host: string, timeout_ms: number, cause: unknown): SiteUnreachable {
  const message = `${host} did not answer within ${timeout_ms / 1000} s. Check that it is up and not overloaded.`;
  return new SiteUnreachable("timeout", host, message, { cause });
}

function unreachable(kind: UnreachableKind, host: string, named: string, cause: unknown): SiteUnreachable {
  return new SiteUnreachable(kind, host, SENTENCES[kind](named), { cause });
}

function kindOf(error: unknown): UnreachableKind | undefined {
  let kind: UnreachableKind | undefined;
  findCause(error, (cause) => {
    const code = (cause as { code?: unknown }).code;
    if (typeof code !== "string") return false;
    kind = KINDS.find(([pattern]) => pattern.test(code))?.[1];
    return kind !== undefined;
  });
  return kind;
}

/** Looks at an error, at those that an AggregateError holds (one per address tried) and at its causes. */
function findCause(error: unknown, wanted: (error: Error) => boolean): Error | undefined {
  if (!(error instanceof Error)) return undefined;
  if (wanted(error)) return error;
  const inner: unknown[] = error instanceof AggregateError ? error.errors : [];
  for (const cause of [...inner, error.cause]) {
    const found = findCause(cause, wanted);
    if (found !== undefined) return found;
  }
  return undefined;
}
