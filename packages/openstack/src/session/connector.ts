import { type LookupAddress, type LookupOptions, lookup as resolve } from "node:dns";
import { isIP } from "node:net";
import { TLSSocket } from "node:tls";
import { buildConnector } from "undici";
import { AddressRefused } from "./address-guard.ts";
import { isPinned, PinMismatch } from "./certificate-pin.ts";
import type { SeenCertificate } from "./session-types.ts";

export interface ConnectorOptions {
  connect_timeout_ms: number;
  allow_address: (ip: string) => boolean;
  ca_pem: string | undefined;
  insecure: boolean;
  /** Of public keys; undefined: any that the CA vouches for. */
  pins?: readonly Buffer[] | undefined;
  on_certificate: (certificate: SeenCertificate) => void;
}

type LookupCallback = (error: Error | null, address: string | LookupAddress[], family?: number) => void;

/**
 * Connects only to allowed addresses. The check is made on what the name resolved to, in the very lookup that the
 * connection uses, so that a name cannot resolve to one address for the check and to another for the connection.
 */
export function guardedConnector(options: ConnectorOptions): buildConnector.connector {
  const { allow_address, ca_pem, pins } = options;
  const connect = buildConnector({
    timeout: options.connect_timeout_ms,
    allowH2: false,
    rejectUnauthorized: !options.insecure,
    ...(ca_pem === undefined ? {} : { ca: ca_pem }),
    // A resumed TLS session may show no certificate, and a pin wants to see it each time.
    ...(pins === undefined ? {} : { maxCachedSessions: 0 }),
    lookup: (hostname: string, wanted: LookupOptions, callback: LookupCallback) =>
      lookUpAllowed(hostname, wanted, allow_address, callback),
  });
  return (target, callback) => {
    // An address literal is connected to without any lookup.
    const literal = target.hostname.replace(/^\[|\]$/g, "");
    if (isIP(literal) !== 0 && !allow_address(literal)) {
      callback(new AddressRefused(literal), null);
      return;
    }
    connect(target, (...result) => {
      const [error, socket] = result;
      if (error !== null) return callback(error, null);
      if (pins !== undefined && socket instanceof TLSSocket && !isPinned(socket, pins)) {
        socket.destroy();
        return callback(new PinMismatch(), null);
      }
      if (socket instanceof TLSSocket) noteCertificate(socket, target.hostname, options.on_certificate);
      callback(null, socket);
    });
  };
}

function lookUpAllowed(
  hostname: string,
  wanted: LookupOptions,
  allow_address: (ip: string) => boolean,
  callback: LookupCallback,
): void {
  resolve(hostname, { ...wanted, all: true }, (error, addresses) => {
    if (error !== null) return callback(error, []);
    const allowed = addresses.filter(({ address }) => allow_address(address));
    const [first] = allowed;
    if (first === undefined) return callback(new AddressRefused(addresses[0]?.address ?? hostname), []);
    if (wanted.all === true) callback(null, allowed);
    else callback(null, first.address, first.family);
  });
}

function noteCertificate(
  socket: TLSSocket,
  host: string,
  tell: (certificate: SeenCertificate) => void,
): void {
  const peer = socket.getPeerCertificate();
  // A resumed TLS session may show none.
  if (peer.valid_to === undefined) return;
  tell({
    host,
    subject: [peer.subject?.CN].flat()[0] ?? "",
    issuer: [peer.issuer?.CN ?? peer.issuer?.O].flat()[0] ?? "",
    valid_from: new Date(peer.valid_from).toISOString(),
    valid_to: new Date(peer.valid_to).toISOString(),
    fingerprint_sha256: peer.fingerprint256,
  });
}
