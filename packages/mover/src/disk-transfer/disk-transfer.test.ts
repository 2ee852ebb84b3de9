import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import {
  type DiskTransferSpecInput,
  type MoverConfigInput,
  MoverReady,
  PeerIdentity,
  TransferFigures,
} from "@uniview/api/mover";
import {
  createRepositoryKey,
  diskOf,
  exportRaw,
  formatKeyFile,
  getPoint,
  initRepository,
  localFolder,
  openRepository,
} from "@uniview/repository";
import { afterEach, expect, test } from "vitest";
import { CHUNK_BYTES } from "../copy/digest.ts";
import { checksumsOf, startImageSite } from "../testing.ts";
import { TAIL_BYTES, writeDisk } from "../testing-disks.ts";

const MAIN = fileURLToPath(new URL("../main.ts", import.meta.url));
const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function newDir(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), "disk-transfer-"));
  closing.push(() => rm(dir, { recursive: true, force: true }));
  return dir;
}

/** A mover as a process of its own, which can be killed and started again on the same folder. */
async function startMover(dir: string, stream_port?: number) {
  const token = randomBytes(32).toString("hex");
  const child: ChildProcess = spawn(process.execPath, [MAIN], { stdio: ["pipe", "pipe", "inherit"] });
  const exited = once(child, "exit");
  const config: MoverConfigInput = {
    token,
    spool_dir: join(dir, "spool"),
    listen: { port: 0 },
    allow_paths: [dir],
    ...(stream_port === undefined ? {} : { stream: { host: "127.0.0.1", port: stream_port } }),
  };
  child.stdin?.write(`${JSON.stringify(config)}\n`);
  if (!child.stdout) throw new Error("the mover has no standard output");
  const said = once(createInterface({ input: child.stdout }), "line");
  const [line] = await Promise.race([said, exited.then(() => Promise.reject(new Error("the mover ended")))]);
  const ready = MoverReady.parse(JSON.parse(line));
  const kill = async () => {
    child.kill("SIGKILL");
    await exited;
  };
  closing.push(kill);
  const call = async (method: string, path: string, body?: unknown) => {
    const asking = request({
      host: "127.0.0.1",
      port: ready.port,
      method,
      path,
      agent: false,
      headers: { authorization: `Bearer ${token}` },
    });
    asking.end(body === undefined ? undefined : JSON.stringify(body));
    const [response] = await once(asking, "response");
    let text = "";
    for await (const piece of response) text += piece;
    return { status: response.statusCode, body: text === "" ? undefined : JSON.parse(text) };
  };
  const put = (id: string, spec: DiskTransferSpecInput) => call("PUT", `/transfers/${id}`, spec);
  const until = async (id: string, wanted: (figures: TransferFigures) => boolean) => {
    for (let since = 0; ; ) {
      const { body } = await call("GET", `/transfers/${id}?since=${since}&wait_ms=20000`);
      const figures = TransferFigures.parse(body);
      if (wanted(figures)) return figures;
      since = figures.revision;
    }
  };
  const end = (id: string) => until(id, ({ state }) => state === "succeeded" || state === "failed");
  const identity = async (id: string) => PeerIdentity.parse((await call("PUT", `/identities/${id}`)).body);
  return { dir, call, put, until, end, identity, kill, stream_port: ready.stream_port };
}

type Mover = Awaited<ReturnType<typeof startMover>>;

const DISK = "ab..0cdefghijk..d.eab";

async function makeRepository(dir: string, options: Parameters<typeof initRepository>[1] = {}) {
  const key = createRepositoryKey();
  const url = join(dir, "repository");
  await initRepository(localFolder(url), options);
  const repository = await openRepository(localFolder(url), key);
  await repository.addTenant("acme");
  return {
    access: { url, key: formatKeyFile(key), tenant: "acme" },
    vault: await repository.openTenant("acme"),
  };
}

async function run(mover: Mover, id: string, spec: DiskTransferSpecInput) {
  await mover.put(id, spec);
  const figures = await mover.end(id);
  expect(figures.problem).toBeNull();
  return figures;
}

test("a disk goes through every kind of place and is the same in the end", async () => {
  const dir = await newDir();
  const mover = await startMover(dir);
  const from = await writeDisk(join(dir, "from.raw"), DISK);
  const bytes = await readFile(from);
  const { access, vault } = await makeRepository(dir);
  const qcow2 = { kind: "file", path: join(dir, "a.qcow2"), format: "qcow2" } as const;

  await run(mover, "raw-to-qcow2", { source: { kind: "file", path: from }, target: qcow2 });
  const stored = await run(mover, "qcow2-to-point", {
    source: qcow2,
    target: {
      kind: "point",
      repository: access,
      disk: "vda",
      labels: { server: "web" },
      description: { ram: 4 },
    },
  });
  const point = await getPoint(vault, stored.point ?? "");
  expect(point).toMatchObject({
    labels: { server: "web", transfer: "qcow2-to-point" },
    description: { ram: 4 },
  });
  await exportRaw(vault, diskOf(point, "vda"), join(dir, "exported.raw"));
  expect((await readFile(join(dir, "exported.raw"))).equals(bytes)).toBe(true);

  // An image service: the recovery point becomes a qcow2 image, is downloaded, and becomes a disk again.
  const site = await startImageSite(Buffer.alloc(0));
  closing.push(() => site.close());
  const of_point = { kind: "point", repository: access, point: point.id, disk: "vda" } as const;
  const uploaded = await run(mover, "point-to-image", {
    source: of_point,
    target: { kind: "image", url: site.target_url, format: "qcow2" },
  });
  const image = site.uploads.at(-1)?.bytes ?? Buffer.alloc(0);
  expect(uploaded.checksums).toEqual(checksumsOf(image));
  expect(image.length).toBeLessThan(bytes.length);
  const images = await startImageSite(image);
  closing.push(() => images.close());
  images.source.drop_after = [3 * CHUNK_BYTES, 100];
  const back = join(dir, "back.raw");
  await run(mover, "image-to-raw", {
    source: { kind: "image", url: images.source_url, format: "qcow2" },
    target: { kind: "file", path: back },
  });
  execFileSync("qemu-img", ["compare", "-f", "raw", "-F", "raw", from, back]);

  // Raw both ways, and onto a disk that has most of it: chunks that it has are not even read from the repository.
  const raw_site = await startImageSite(bytes);
  closing.push(() => raw_site.close());
  const source = { kind: "image", url: raw_site.source_url } as const;
  await run(mover, "image-to-image", { source, target: { kind: "image", url: raw_site.target_url } });
  expect(raw_site.uploads.at(-1)?.bytes.equals(bytes)).toBe(true);
  const near = await writeDisk(join(dir, "near.raw"), DISK.replace("h", "X"));
  const { bytes_read, bytes_written } = await run(mover, "point-to-raw", {
    source: of_point,
    target: { kind: "file", path: near },
  });
  expect([bytes_read, bytes_written]).toEqual([CHUNK_BYTES, CHUNK_BYTES]);
  expect((await readFile(near)).equals(bytes)).toBe(true);
});

test("a recovery point whose chunks are named by BLAKE3 becomes a disk, too", async () => {
  const dir = await newDir();
  const mover = await startMover(dir);
  const from = await writeDisk(join(dir, "from.raw"), DISK);
  const { access } = await makeRepository(dir, { hash: "blake3" });
  const at = { kind: "point", repository: access, disk: "vda" } as const;
  const { point } = await run(mover, "raw-to-point", { source: { kind: "file", path: from }, target: at });
  const back = join(dir, "back.raw");
  await run(mover, "point-to-raw", {
    source: { ...at, point: point ?? "" },
    target: { kind: "file", path: back },
  });
  expect((await readFile(back)).equals(await readFile(from))).toBe(true);
});

test("a transfer that is asked for again after it succeeded moves nothing", async () => {
  const dir = await newDir();
  const from = await writeDisk(join(dir, "from.raw"), DISK);
  const { access } = await makeRepository(dir);
  const spec: DiskTransferSpecInput = {
    source: { kind: "file", path: from },
    target: { kind: "point", repository: access, disk: "vda" },
  };
  const first = await startMover(dir);
  const { point } = await run(first, "t", spec);
  await first.kill();
  const second = await startMover(dir);
  expect(await run(second, "t", spec)).toMatchObject({ point, bytes_read: 0 });
  await second.call("DELETE", "/transfers/t");
  expect(await readdir(join(dir, "spool"))).toEqual([]);
});

test("two movers bring a disk to each other's machine, killed again and again, and nothing is read twice for long", async () => {
  const [here, there] = [await newDir(), await newDir()];
  const chunks = 120;
  const bytes = randomBytes(chunks * CHUNK_BYTES + TAIL_BYTES);
  bytes.fill(0, 20 * CHUNK_BYTES, 40 * CHUNK_BYTES);
  const [from, to] = [join(here, "from.raw"), join(there, "to.raw")];
  await writeFile(from, bytes);

  let receiver = await startMover(there, 0);
  let sender = await startMover(here);
  const port = receiver.stream_port ?? 0;
  const specs = async () => {
    const [sends, receives] = [await sender.identity("t"), await receiver.identity("t")];
    const receive: DiskTransferSpecInput = {
      source: { kind: "peer", fingerprint: sends.fingerprint },
      target: { kind: "file", path: to },
    };
    const send: DiskTransferSpecInput = {
      source: { kind: "file", path: from },
      target: { kind: "peer", host: "127.0.0.1", port, fingerprint: receives.fingerprint },
      rate: { limit_bytes_per_s: 200 * CHUNK_BYTES },
    };
    return { send, receive };
  };
  const { send, receive } = await specs();
  await receiver.put("t", receive);
  await sender.put("t", send);
  const some = ({ bytes_written, state }: TransferFigures) =>
    bytes_written > 9 * CHUNK_BYTES || state !== "running";
  for (let kills = 0; kills < 2; kills++) {
    await sender.until("t", some);
    await receiver.kill();
    receiver = await startMover(there, port);
    expect(await specs()).toEqual({ send, receive }); // identities outlive the processes
    await receiver.put("t", receive);
    await sender.until("t", ({ state }) => state !== "waiting");
    await sender.until("t", some);
    await sender.kill();
    sender = await startMover(here);
    await sender.put("t", send);
  }
  expect((await sender.end("t")).problem).toBeNull();
  expect((await receiver.end("t")).state).toBe("succeeded");
  expect((await readFile(to)).equals(bytes)).toBe(true);
  for (const mover of [sender, receiver]) {
    await mover.call("DELETE", "/transfers/t");
    expect(await readdir(join(mover.dir, "spool"))).toEqual([]);
  }
});

test("a mover touches only what its operator allowed", async () => {
  const [dir, outside] = [await newDir(), await newDir()];
  const mover = await startMover(dir);
  const secret = await writeDisk(join(outside, "secret.raw"), "a");
  const link = join(dir, "link.raw");
  await symlink(secret, link);
  const target = { kind: "file", path: join(dir, "to.raw") } as const;
  const { access } = await makeRepository(outside);
  const refused: [string, DiskTransferSpecInput][] = [
    ["outside", { source: { kind: "file", path: secret }, target }],
    ["link", { source: { kind: "file", path: link }, target }],
    ["dots", { source: { kind: "file", path: `${dir}/../${outside.split("/").at(-1)}/secret.raw` }, target }],
    ["target", { source: { kind: "file", path: link }, target: { kind: "device", path: "/dev/vda" } }],
    [
      "repository",
      { source: { kind: "point", repository: access, point: "0".repeat(32), disk: "vda" }, target },
    ],
  ];
  const metadata = "http://169.254.169.254/";
  const credentials = { AWS_ACCESS_KEY_ID: "a", AWS_SECRET_ACCESS_KEY: "b" };
  const remote = [
    ["endpoint", { ...access, url: `s3://bucket/x?endpoint=${metadata}`, env: credentials }, "link-local"],
    [
      "file",
      { ...access, url: "s3://bucket/x", env: { OS_CLIENT_CONFIG_FILE: "/etc/shadow" } },
      "the credentials themselves",
    ],
  ] as const;
  for (const [id, repository, why] of remote) {
    const source = { kind: "point", repository, point: "0".repeat(32), disk: "vda" } as const;
    await mover.put(id, { source, target });
    expect((await mover.end(id)).problem?.message, id).toContain(why);
  }
  for (const [id, spec] of refused) {
    await mover.put(id, spec);
    const { problem } = await mover.end(id);
    expect(problem?.slug, id).toBe("not-allowed");
    expect(problem?.message).not.toContain(access.key);
  }
});

test("what is wrong with a spec is said at once", async () => {
  const dir = await newDir();
  const mover = await startMover(dir);
  const path = await writeDisk(join(dir, "a.raw"), "a");
  const file = { kind: "file", path } as const;
  const wrong = [
    [{ source: { ...file, path: "relative" }, target: file }, "source.path: must be an absolute path."],
    [{ source: file, target: file, rate: { time_zone: "Moon" } }, "rate.time_zone: must be a time zone"],
    [{ source: { kind: "tape" }, target: file }, "source.kind"],
  ] as const;
  for (const [spec, detail] of wrong) {
    const { status, body } = await mover.call("PUT", "/transfers/t", spec);
    expect([status, body.detail]).toEqual([400, expect.stringContaining(detail)]);
  }
  await mover.put("missing", { source: { ...file, path: join(dir, "missing") }, target: file });
  expect((await mover.end("missing")).problem?.message).toContain("missing is not there.");
  const peer = { kind: "peer", fingerprint: "0".repeat(64) } as const;
  await mover.put("deaf", { source: peer, target: file });
  expect((await mover.end("deaf")).problem?.message).toContain("This mover listens for no others");
});
