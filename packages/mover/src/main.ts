import { once } from "node:events";
import { mkdir } from "node:fs/promises";
import { createInterface } from "node:readline";
import { MoverConfig } from "@uniview/api/mover";
import { createControl } from "./control.ts";
import { StreamListener } from "./stream/listener.ts";

/**
 * A mover: a process of its own, so that hashing and copying hold up no control plane. It reads its configuration from the
 * first line of standard input, says on standard output that it is ready, and ends when standard input does: a control
 * plane that was killed leaves nothing running.
 */
const config = await readConfig();
process.stdin.on("end", () => process.exit(0)).on("error", () => process.exit(0));
process.stdin.resume();
if (process.stdin.readableEnded) process.exit(0);

await mkdir(config.spool_dir, { recursive: true, mode: 0o700 });
const { listen, stream } = config;
const streams = stream && new StreamListener();
const stream_port = stream && streams ? await streams.listen(stream.host, stream.port) : null;
const listener = streams && stream_port !== null ? { listener: { port: stream_port, streams } } : {};
const control = createControl({ ...config, ...listener });
if ("socket_path" in listen) control.listen(listen.socket_path);
else control.listen(listen.port, "127.0.0.1");
await once(control, "listening");
const address = control.address();
process.stdout.write(
  `${JSON.stringify({ port: typeof address === "object" ? (address?.port ?? null) : null, stream_port })}\n`,
);

async function readConfig(): Promise<MoverConfig> {
  const lines = createInterface({ input: process.stdin });
  for await (const line of lines) return MoverConfig.parse(JSON.parse(line));
  throw new Error("a mover reads its configuration, one line of JSON, from standard input");
}
