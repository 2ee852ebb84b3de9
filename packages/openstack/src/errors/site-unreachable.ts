/**
 * Why nothing useful came back.
 * - `dns`, `refused`, `unroutable`, `timeout`, `reset`: the network
 * - `tls_expired`, `tls_untrusted`, `tls_hostname`, `tls_protocol`, `tls_pin`: the certificate or the handshake
 * - `not_openstack`: somebody answered, but not as OpenStack does (HTML, other JSON, nothing)
 * - `redirected`: the site wants to send us to another host, which is never followed
 * - `address_refused`: the address is one that we do not talk to (link-local, metadata services)
 * - `no_endpoint`: the catalog has no such service for the region and interface asked for
 */
export type UnreachableKind =
  | "dns"
  | "refused"
  | "unroutable"
  | "timeout"
  | "reset"
  | "tls_expired"
  | "tls_untrusted"
  | "tls_hostname"
  | "tls_protocol"
  | "tls_pin"
  | "not_openstack"
  | "redirected"
  | "address_refused"
  | "no_endpoint";

/** Kinds that waiting does not cure: somebody has to change what the site was added with. */
const LASTING: ReadonlySet<UnreachableKind> = new Set(["address_refused", "redirected", "no_endpoint"]);

/** No OpenStack answer could be had: one sentence that names the host, what is wrong and what to do. */
export class SiteUnreachable extends Error {
  override readonly name = "SiteUnreachable";
  readonly kind: UnreachableKind;
  readonly host: string;
  /**
   * True where the site may come back by itself or by its operator's hand. A certificate or a wrong page counts
   * too: nothing can be undone at a site that cannot be reached, so waiting is all that a job can do.
   */
  readonly retryable: boolean;

  constructor(kind: UnreachableKind, host: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.kind = kind;
    this.host = host;
    this.retryable = !LASTING.has(kind);
  }
}
