import { once } from "node:events";
import { createServer, type RequestListener, type Server } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo, Socket } from "node:net";

/** How long a connection without requests is kept, as under uWSGI and Apache; clients must cope with its end. */
const KEEP_ALIVE_MS = 65_000;

/** One listening port that can go down with all of its connections, and come up again. */
export class Listener {
  #answer: RequestListener;
  #tls: { key: string; cert: string } | undefined;
  #host: string;
  #server: Server | undefined;
  #sockets = new Set<Socket>();
  port: number;

  constructor(
    answer: RequestListener,
    host: string,
    port: number,
    tls?: { key_pem: string; cert_pem: string },
  ) {
    this.#answer = answer;
    this.#host = host;
    this.port = port;
    this.#tls = tls && { key: tls.key_pem, cert: tls.cert_pem };
  }

  get is_up(): boolean {
    return this.#server !== undefined;
  }

  async up(): Promise<void> {
    if (this.#server !== undefined) return;
    const server = this.#tls ? createTlsServer(this.#tls, this.#answer) : createServer(this.#answer);
    server.keepAliveTimeout = KEEP_ALIVE_MS;
    // Slow and large uploads are part of the game.
    server.requestTimeout = 0;
    server.on("connection", (socket: Socket) => {
      this.#sockets.add(socket);
      socket.on("close", () => this.#sockets.delete(socket));
    });
    server.listen(this.port, this.#host);
    await once(server, "listening");
    this.port = (server.address() as AddressInfo).port;
    this.#server = server;
  }

  async down(): Promise<void> {
    const server = this.#server;
    if (server === undefined) return;
    this.#server = undefined;
    const closed = once(server, "close");
    server.close();
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }
}
