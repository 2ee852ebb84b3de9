import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

// A wire of some length between two processes: what goes in comes out later, in both directions. A process of its own, so that its work is
// not counted as that of either end.
// usage: delayed-wire.ts TO_PORT ONE_WAY_MS; prints the port that it listens on, ends with its standard input

/** What a wire holds at 10 Gbit/s and 100 ms. */
const MAX_UNDER_WAY_BYTES = 128 * 1024 * 1024;

const [to_port, one_way_ms] = process.argv.slice(2).map(Number);

/** Goes through the wire like bytes. */
const END = Buffer.alloc(0);

/** What was passed on needs no collector. */
function giveBack({ buffer, byteLength }: Buffer): void {
  if (buffer instanceof ArrayBuffer && buffer.byteLength === byteLength) buffer.transfer(0);
}

function delay(from: Socket, to: Socket): void {
  const under_way: { readonly bytes: Buffer; readonly due_at: number }[] = [];
  let held = 0;
  let waiting = false;
  const deliver = () => {
    waiting = false;
    while (under_way[0] && under_way[0].due_at <= performance.now()) {
      const { bytes } = under_way.shift() ?? { bytes: END };
      held -= bytes.length;
      if (bytes === END) to.end();
      else to.write(bytes, () => giveBack(bytes));
    }
    if (held < MAX_UNDER_WAY_BYTES && to.writableLength < MAX_UNDER_WAY_BYTES) from.resume();
    const [next] = under_way;
    if (next) wait(Math.max(1, next.due_at - performance.now()));
  };
  const wait = (ms: number) => {
    if (!waiting) setTimeout(deliver, ms);
    waiting = true;
  };
  const enter = (bytes: Buffer) => {
    under_way.push({ bytes, due_at: performance.now() + (one_way_ms ?? 0) });
    held += bytes.length;
    if (held + to.writableLength >= MAX_UNDER_WAY_BYTES) from.pause();
    wait(one_way_ms ?? 0);
  };
  from.on("data", enter).on("end", () => enter(END));
  from.on("error", () => to.destroy()).on("close", () => to.destroySoon());
  to.on("drain", () => from.resume());
}

const server = createServer({ allowHalfOpen: true, noDelay: true }, (near) => {
  const far = connect({ port: to_port ?? 0, host: "127.0.0.1", allowHalfOpen: true, noDelay: true });
  delay(near, far);
  delay(far, near);
});
server.listen(0, "127.0.0.1");
await once(server, "listening");
console.log((server.address() as AddressInfo).port);
process.stdin.resume().on("end", () => process.exit(0));
