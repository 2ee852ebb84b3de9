import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/** A wire between two movers that breaks when told to. */
export interface Wire {
  readonly port: number;
  readonly connections: () => number;
  close(): Promise<void>;
}

/** @param cuts after how many bytes to the target the next connections break; later ones hold */
export async function startWire(to_port: number, cuts: number[]): Promise<Wire> {
  const sockets = new Set<Socket>();
  let connections = 0;
  const server = createServer((near) => {
    const far = connect(to_port, "127.0.0.1");
    connections++;
    let left = cuts.shift() ?? Number.POSITIVE_INFINITY;
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(one);
      one
        .on("error", () => {})
        .on("close", () => {
          sockets.delete(one);
          other.destroySoon();
        });
    }
    far.pipe(near);
    near.on("data", (piece) => {
      left -= piece.length;
      if (left < 0) return void near.resetAndDestroy();
      if (!far.write(piece)) {
        near.pause();
        far.once("drain", () => near.resume());
      }
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    connections: () => connections,
    async close() {
      server.close();
      for (const socket of sockets) socket.destroy();
      await once(server, "close");
    },
  };
}
