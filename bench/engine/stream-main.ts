import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdir, readFile, stat } from "node:fs/promises";
import { request } from "node:http";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import {
  type DiskTransferSpecInput,
  type MoverConfigInput,
  MoverReady,
  PeerIdentity,
  TransferFigures,
} from "@uniview/api/mover";

// A disk from one mover to another, 20 ms away: two movers as the server starts them, and a wire with that delay between them.
// usage: stream-main.ts DISK FOLDER WIRE; WIRE is delayed-wire.c, compiled. Prints one line of JSON:
//   wall_s      until every chunk was packed, encrypted, sent, unpacked, compared with its digest, and written
//   verified_s  until the target was read again and compared, too
//   cpu_s       of both movers, all in all

const ROUND_TRIP_MS = 20;
const TICKS_PER_S = 100;
const MOVER = fileURLToPath(import.meta.resolve("@uniview/mover/main"));
const ID = "bench";

const [disk = "", folder = "", wire = ""] = process.argv.slice(2);
if (!disk || !folder || !wire) throw new Error("usage: stream-main.ts DISK FOLDER WIRE");
const children: ChildProcess[] = [];

function start(program: string, ...args: string[]): { child: ChildProcess; line: Promise<string> } {
  const child = spawn(program, args, { stdio: ["pipe", "pipe", "inherit"] });
  children.push(child);
  if (!child.stdout) throw new Error("the process has no standard output");
  return {
    child,
    line: once(createInterface({ input: child.stdout }), "line").then(([line]) => String(line)),
  };
}

async function startMover(name: string, stream?: MoverConfigInput["stream"]) {
  const token = randomBytes(32).toString("hex");
  const spool_dir = join(folder, name);
  await mkdir(spool_dir, { recursive: true });
  const { child, line } = start(process.execPath, MOVER);
  const config: MoverConfigInput = {
    token,
    spool_dir,
    listen: { port: 0 },
    allow_paths: [dirname(disk), folder],
    ...(stream ? { stream } : {}),
  };
  child.stdin?.write(`${JSON.stringify(config)}\n`);
  const { port, stream_port } = MoverReady.parse(JSON.parse(await line));
  const call = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const asking = request({
      host: "127.0.0.1",
      port,
      method,
      path,
      agent: false, // a kept connection may be closed just when it is used again
      headers: { authorization: `Bearer ${token}` },
    });
    asking.end(body === undefined ? undefined : JSON.stringify(body));
    const [response] = await once(asking, "response");
    let text = "";
    for await (const piece of response) text += piece;
    return JSON.parse(text);
  };
  const put = (spec: DiskTransferSpecInput) => call("PUT", `/transfers/${ID}`, spec);
  const until = async (wanted: (figures: TransferFigures) => boolean) => {
    for (let since = 0; ; ) {
      const figures = TransferFigures.parse(
        await call("GET", `/transfers/${ID}?since=${since}&wait_ms=10000`),
      );
      if (figures.problem) throw new Error(figures.problem.message);
      if (wanted(figures)) return figures;
      since = figures.revision;
    }
  };
  const identity = async () => PeerIdentity.parse(await call("PUT", `/identities/${ID}`));
  /** User and system time of the process and its threads. */
  const cpu = async () => {
    const fields = (await readFile(`/proc/${child.pid}/stat`, "utf8")).split(") ")[1]?.split(" ") ?? [];
    return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_S;
  };
  return { stream_port, put, until, identity, cpu };
}

try {
  const { size: size_bytes } = await stat(disk);
  const receiver = await startMover("receiver", { host: "127.0.0.1", port: 0 });
  const sender = await startMover("sender");
  const port = Number(await start(wire, `${receiver.stream_port}`, `${ROUND_TRIP_MS / 2}`).line);
  const [sends, receives] = [await sender.identity(), await receiver.identity()];
  await receiver.put({
    source: { kind: "peer", fingerprint: sends.fingerprint },
    target: { kind: "file", path: join(folder, "arrived.raw") },
  });
  const cpu_before = (await sender.cpu()) + (await receiver.cpu());
  const begun = performance.now();
  await sender.put({
    source: { kind: "file", path: disk },
    target: { kind: "peer", host: "127.0.0.1", port, fingerprint: receives.fingerprint },
  });
  const moved = await sender.until(
    ({ bytes_written, bytes_skipped, bytes_total, state }) =>
      state === "succeeded" || bytes_written + bytes_skipped === bytes_total,
  );
  const wall_s = (performance.now() - begun) / 1000;
  await sender.until(({ state }) => state === "succeeded");
  const verified_s = (performance.now() - begun) / 1000;
  const cpu_s = (await sender.cpu()) + (await receiver.cpu()) - cpu_before;
  const { bytes_written, bytes_sent } = moved;
  console.log(JSON.stringify({ wall_s, verified_s, cpu_s, size_bytes, bytes_written, bytes_sent }));
} finally {
  for (const child of children) child.stdin?.end();
}
