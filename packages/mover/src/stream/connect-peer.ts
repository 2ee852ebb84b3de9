import { once } from "node:events";
import { connect, type TLSSocket } from "node:tls";
import { addressRule } from "../address-rule.ts";
import { connectionFailure, TransferFailure } from "../failure.ts";
import type { Identity } from "./certificate.ts";
import { STREAM_CIPHERS, STREAM_PROTOCOL } from "./frame.ts";
import { isPeer } from "./listener.ts";

const CONNECT_MS = 15_000;

export interface Peer {
  readonly host: string;
  readonly port: number;
  readonly fingerprint: string;
}

/** Connects to the mover that waits for a transfer, as the one that it waits for. @throws TransferFailure */
export async function connectPeer(
  transfer: string,
  { host, port, fingerprint }: Peer,
  { key_pem, certificate_pem }: Identity,
  allow_link_local: boolean,
  signal: AbortSignal,
): Promise<TLSSocket> {
  const rule = addressRule("target", allow_link_local);
  const place = `${host.includes(":") ? `[${host}]` : host}:${port}`;
  rule.check(new URL(`https://${place}`));
  const socket = connect({
    host,
    port,
    lookup: rule.lookup,
    servername: transfer,
    key: key_pem,
    cert: certificate_pem,
    minVersion: "TLSv1.3",
    ciphers: STREAM_CIPHERS,
    rejectUnauthorized: false, // self-signed: the fingerprint is compared below
    ALPNProtocols: [STREAM_PROTOCOL],
  });
  const abort = () => socket.destroy(signal.reason instanceof Error ? signal.reason : undefined);
  signal.addEventListener("abort", abort, { once: true });
  socket.once("close", () => signal.removeEventListener("abort", abort));
  socket.setTimeout(CONNECT_MS, () => socket.destroy(new Error("no answer")));
  try {
    signal.throwIfAborted();
    await once(socket, "secureConnect");
  } catch (cause) {
    socket.destroy();
    signal.throwIfAborted();
    throw connectionFailure("target", place, cause);
  }
  socket.on("error", () => {}); // seen by whoever reads or writes
  if (isPeer(socket, fingerprint)) return socket;
  socket.destroy();
  throw new TransferFailure(
    "target",
    "site-certificate-invalid",
    `${place} is not the mover of this transfer: its certificate is another one.`,
  );
}
