import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { createSecureContext, createServer, type Server, type TLSSocket } from "node:tls";
import { fingerprintOf, type Identity } from "./certificate.ts";
import { STREAM_CIPHERS, STREAM_PROTOCOL } from "./frame.ts";

const HANDSHAKE_MS = 15_000;
/** Each transfer has one; strangers cannot fill memory with handshakes. */
const MAX_CONNECTIONS = 1024;

/** A transfer that waits for its sender. */
interface Expected {
  readonly identity: Identity;
  /** Of the sender's certificate. */
  readonly fingerprint: string;
  take(socket: TLSSocket): void;
}

/**
 * Where other movers connect: TLS 1.3 only, the transfer is named by SNI, and each has its own key and its own pinned peer. Who is not
 * expected gets no certificate, who is not the peer gets no byte.
 */
export class StreamListener {
  readonly #expected = new Map<string, Expected>();
  readonly #server: Server;

  constructor() {
    this.#server = createServer({
      minVersion: "TLSv1.3",
      ciphers: STREAM_CIPHERS,
      requestCert: true,
      rejectUnauthorized: false, // self-signed: the fingerprint is compared below
      handshakeTimeout: HANDSHAKE_MS,
      ALPNProtocols: [STREAM_PROTOCOL],
      SNICallback: (name, answer) => {
        const expected = this.#expected.get(name);
        if (!expected) return answer(new Error("no transfer of that name is expected"));
        const { key_pem, certificate_pem } = expected.identity;
        answer(null, createSecureContext({ key: key_pem, cert: certificate_pem }));
      },
    });
    this.#server.maxConnections = MAX_CONNECTIONS;
    this.#server.on("secureConnection", (socket) => {
      socket.on("error", () => {}); // seen by whoever reads
      const name: unknown = "servername" in socket ? socket.servername : undefined;
      const expected = typeof name === "string" ? this.#expected.get(name) : undefined;
      if (expected && isPeer(socket, expected.fingerprint)) expected.take(socket);
      else socket.destroy();
    });
  }

  /** @returns the port */
  async listen(host: string, port: number): Promise<number> {
    this.#server.listen(port, host);
    await once(this.#server, "listening");
    return (this.#server.address() as AddressInfo).port;
  }

  /** Lets the sender of a transfer in from now on, every time that it connects. */
  expect(transfer: string, expected: Expected): void {
    this.#expected.set(transfer, expected);
  }

  forget(transfer: string): void {
    this.#expected.delete(transfer);
  }

  async close(): Promise<void> {
    this.#server.close();
    await once(this.#server, "close");
  }
}

/** Whether the other side holds the key of the certificate with that fingerprint: TLS proves that it holds the key of the one it shows. */
export function isPeer(socket: TLSSocket, fingerprint: string): boolean {
  const certificate = socket.getPeerX509Certificate();
  return certificate !== undefined && fingerprintOf(certificate.raw) === fingerprint;
}
