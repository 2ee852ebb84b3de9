import { createHash, X509Certificate } from "node:crypto";
import type { DetailedPeerCertificate, TLSSocket } from "node:tls";

const SHA256_BYTES = 32;
/** A chain that is longer is no chain of this world. */
const MAX_CHAIN = 16;

/**
 * The pins in `pin_sha256`: SHA-256 of a public key in DER (SPKI), as base64 or hex (with colons or without), with curl's
 * `sha256//` before it or without, several separated by `;`.
 *
 * @throws RangeError what is no pin
 */
export function readPins(text: string): Buffer[] {
  return text.split(";").map((part) => {
    const plain = part.trim().replace(/^sha256\/\/?/i, "");
    const hex = plain.replaceAll(":", "");
    const pin = /^[0-9a-f]{64}$/i.test(hex) ? Buffer.from(hex, "hex") : Buffer.from(plain, "base64");
    if (pin.length === SHA256_BYTES) return pin;
    throw new RangeError(
      `pin_sha256 '${part.trim()}' is not a SHA-256: give 64 hex digits or 44 characters of base64 of the certificate's public key.`,
    );
  });
}

/** Does the host show a certificate with one of these keys, itself or in its chain? One that shows none does not. */
export function isPinned(socket: TLSSocket, pins: readonly Buffer[]): boolean {
  return chainOf(socket.getPeerCertificate(true)).some((certificate) => {
    const key = new X509Certificate(certificate.raw).publicKey.export({ type: "spki", format: "der" });
    const digest = createHash("sha256").update(key).digest();
    return pins.some((pin) => pin.equals(digest));
  });
}

function chainOf(leaf: DetailedPeerCertificate): DetailedPeerCertificate[] {
  const chain: DetailedPeerCertificate[] = [];
  let next: DetailedPeerCertificate | undefined = leaf;
  // A root is its own issuer.
  while (next?.raw !== undefined && !chain.includes(next) && chain.length < MAX_CHAIN) {
    chain.push(next);
    next = next.issuerCertificate;
  }
  return chain;
}

/** Thrown inside a connection attempt; becomes a `SiteUnreachable` of kind `tls_pin`. */
export class PinMismatch extends Error {
  readonly code = "UNIVIEW_PIN_MISMATCH";
}
