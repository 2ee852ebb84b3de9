import { X509Certificate } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect, type TLSSocket } from "node:tls";
import { type HashName, hashesHere } from "@uniview/repository/chunk/chunk-hash";
import { StreamEnded } from "@uniview/repository/nbd/byte-reader";
import fc from "fast-check";
import { afterAll, expect, test, vi } from "vitest";
import { ChunkMap } from "../copy/chunk-map.ts";
import { ChunkThreads } from "../copy/chunk-threads.ts";
import { CHUNK_BYTES, chunksOf } from "../copy/digest.ts";
import { DiskSink } from "../copy/disk-sink.ts";
import { openRawSource, openRawTarget } from "../disk/raw-disk.ts";
import { FigureBoard } from "../figures.ts";
import { TAIL_BYTES, writeDisk } from "../testing-disks.ts";
import { createThrottle } from "../throttle.ts";
import { createIdentity } from "./certificate.ts";
import { connectPeer } from "./connect-peer.ts";
import { PING_MS, SILENCE_MS } from "./frame.ts";
import { identityIn } from "./identity-file.ts";
import { Link } from "./link.ts";
import { StreamListener } from "./listener.ts";
import { receiveDisk } from "./receiver.ts";
import { sendDisk } from "./send-disk.ts";
import { startWire } from "./testing-wire.ts";

const dir = await mkdtemp(join(tmpdir(), "stream-"));
// Never shared: a sender's slots wait for the receiver's.
const senders = new ChunkThreads(2);
const receivers = new ChunkThreads(2);
const [us, them, stranger] = [createIdentity(), createIdentity(), createIdentity()];
const listener = new StreamListener();
const port = await listener.listen("127.0.0.1", 0);
afterAll(async () => {
  await listener.close();
  await senders[Symbol.asyncDispose]();
  await receivers[Symbol.asyncDispose]();
  await rm(dir, { recursive: true, force: true });
});
let names = 0;
const newPath = (name: string) => join(dir, `${names++}-${name}`);
const signal = new AbortController().signal;
const throttle = createThrottle(undefined);
const peer = { host: "127.0.0.1", port, fingerprint: them.fingerprint };

interface Streaming {
  /** After how many bytes connections break. */
  readonly cuts?: readonly number[];
  readonly pack?: "always" | "if_faster";
  readonly only?: HashName;
  readonly keep?: () => Promise<void>;
  /** How many connections may be lost. */
  readonly lost?: number;
}

/** Sends a disk over connections that break; both sides go on where they were. */
async function stream(
  from: string,
  to: string,
  { cuts = [], pack = "always", only, keep = async () => {}, lost = cuts.length }: Streaming = {},
) {
  const name = `t${names++}`;
  const wire = await startWire(port, [...cuts]);
  await using source = await openRawSource(from);
  const { size_bytes } = source;
  await using target = await openRawTarget(to, size_bytes);
  await using map = await ChunkMap.open(newPath("map"), chunksOf(size_bytes));
  await using written = await ChunkMap.open(newPath("map"), chunksOf(size_bytes));
  const [sent, stored] = [new FigureBoard("s"), new FigureBoard("r")];
  const sink = new DiskSink({
    ...{ target, size_bytes, map: written, threads: receivers, board: stored, throttle, signal },
    compare: true,
  });
  const receive = async (socket: TLSSocket): Promise<void> => {
    const link = new Link(socket);
    const { hashes } = await link.hearHello();
    const hash = only ?? hashes[0] ?? "sha256";
    receivers.hash = hash;
    await written.useHash(hash);
    await link.sayHello({ size_bytes, chunk_bytes: CHUNK_BYTES, hashes: [hash] });
    await receiveDisk({ link, sink, size_bytes, threads: receivers, signal, keep });
  };
  let receiving: Promise<void> = Promise.resolve();
  listener.expect(name, {
    identity: them,
    fingerprint: us.fingerprint,
    take(socket) {
      receiving = receiving.then(() => receive(socket)).catch(() => {}); // the sender comes again
    },
  });
  try {
    for (;;) {
      try {
        const socket = await connectPeer(name, { ...peer, port: wire.port }, us, false, signal);
        await sendDisk(socket, { source, map, threads: senders, board: sent, throttle, signal, pack });
        break;
      } catch (error) {
        if (wire.connections() > lost) throw error;
      }
    }
    await receiving;
  } finally {
    listener.forget(name);
    await wire.close();
  }
  return { sent: sent.figures(), stored: stored.figures(), hash: map.hash };
}

test("a disk goes over the stream: zeros and what shrinks cost next to nothing", async () => {
  const from = await writeDisk(newPath("a.raw"), "ab..0cdefghijk..d.e");
  const to = newPath("b.raw");
  const { sent, stored } = await stream(from, to);
  expect((await readFile(to)).equals(await readFile(from))).toBe(true);
  expect((await stat(to)).blocks * 512).toBeLessThan(14 * CHUNK_BYTES);
  expect(sent.bytes_written).toBe(12 * CHUNK_BYTES + TAIL_BYTES);
  expect(stored.bytes_written).toBe(sent.bytes_written);
  expect(stored.bytes_verified).toBe(sent.bytes_written);
  expect(sent.bytes_sent).toBeLessThan(CHUNK_BYTES);
});

test.each(hashesHere())("digests are made by %s where the receiver chose it", async (only) => {
  const from = await writeDisk(newPath("a.raw"), "ab..0cd");
  const to = newPath("b.raw");
  const { stored, hash } = await stream(from, to, { cuts: [3 * CHUNK_BYTES], pack: "if_faster", only });
  expect(hash).toBe(only);
  expect((await readFile(to)).equals(await readFile(from))).toBe(true);
  expect(stored.bytes_written).toBe(3 * CHUNK_BYTES + TAIL_BYTES);
});

test("on a wire that keeps up nothing is packed, and the disk is the same", async () => {
  const from = await writeDisk(newPath("a.raw"), "ab..0cdefg");
  const to = newPath("b.raw");
  const { sent } = await stream(from, to, { pack: "if_faster" });
  expect((await readFile(to)).equals(await readFile(from))).toBe(true);
  expect(sent.bytes_sent).toBeGreaterThan(CHUNK_BYTES);
});

test("only what differs goes over the stream", async () => {
  const from = await writeDisk(newPath("a.raw"), "abcde.0hi.k");
  const to = await writeDisk(newPath("b.raw"), "abXde.Yhi.k");
  const { sent } = await stream(from, to);
  expect((await readFile(to)).equals(await readFile(from))).toBe(true);
  expect(sent.bytes_written).toBe(2 * CHUNK_BYTES);
});

test("more chunks than the window has, of a disk that does not shrink", async () => {
  const from = newPath("a.raw");
  const bytes = Buffer.alloc(100 * CHUNK_BYTES);
  let word = 1;
  for (let at = 0; at < bytes.length; at += 4) {
    word = (Math.imul(word, 1664525) + 1013904223) >>> 0;
    bytes.writeUInt32LE(word, at);
  }
  await writeFile(from, bytes);
  const to = newPath("b.raw");
  const { sent } = await stream(from, to);
  expect((await readFile(to)).equals(bytes)).toBe(true);
  expect(sent.bytes_sent).toBe(bytes.length);
});

test("a stream that breaks anywhere goes on there, and the disk is whole in the end", async () => {
  const from = await writeDisk(newPath("a.raw"), "abcdefgh..0ijklmnop");
  const breaks = fc.array(fc.integer({ min: 0, max: 12_000 }), { minLength: 1, maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(breaks, async (cuts) => {
      const to = newPath("b.raw");
      const { sent } = await stream(from, to, { cuts });
      expect((await readFile(to)).equals(await readFile(from))).toBe(true);
      expect(sent.bytes_read).toBeGreaterThanOrEqual(16 * CHUNK_BYTES);
    }),
    { numRuns: 8 },
  );
});

test("a sender is told that all is there only when the receiver remembers it: it never comes again", async () => {
  const from = await writeDisk(newPath("a.raw"), "ab.c");
  const kept: number[] = [];
  const keep = async () => {
    if (kept.push(kept.length) === 1) throw new Error("as if killed before it was kept");
  };
  const { sent } = await stream(from, newPath("b.raw"), { keep, lost: 1 });
  expect(kept).toEqual([0, 1]);
  expect(sent.bytes_read).toBe(2 * CHUNK_BYTES + TAIL_BYTES);
});

/** Both ends of a connection, of which this side has heard nothing yet. */
async function connected(name: string) {
  const { promise, resolve } = Promise.withResolvers<TLSSocket>();
  listener.expect(name, { identity: them, fingerprint: us.fingerprint, take: resolve });
  const near = await connectPeer(name, peer, us, false, signal);
  return { near, far: await promise };
}

test("a connection that ended before anybody listened is over, too", async () => {
  const { near, far } = await connected("early");
  near.destroy();
  const closed = new Promise((resolve) => far.once("close", resolve));
  far.destroy(new Error("reset"));
  await closed;
  await expect(new Link(far).hearHello()).rejects.toThrow("reset");
  await expect(new Link(near).hearHello()).rejects.toThrow(StreamEnded);
  listener.forget("early");
});

test("a machine that is gone is noticed, though whatever is sent to it seems to be taken", async () => {
  const { near, far } = await connected("gone"); // and far never says a word
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  try {
    const link = new Link(near);
    const hello = link.hearHello();
    vi.advanceTimersByTime(SILENCE_MS + PING_MS);
    await expect(hello).rejects.toThrow("silent for 60 s");
    link.close();
  } finally {
    vi.useRealTimers();
    far.destroy();
    listener.forget("gone");
  }
});

test("a sender that is not the pinned one gets no byte, and sends none to a receiver that is not", async () => {
  let taken = 0;
  listener.expect("pinned", { identity: them, fingerprint: us.fingerprint, take: () => taken++ });
  const wrong = { ...peer, fingerprint: stranger.fingerprint };
  await expect(connectPeer("pinned", wrong, us, false, signal)).rejects.toThrow(
    "its certificate is another one",
  );
  const socket = await connectPeer("pinned", peer, stranger, false, signal);
  const link = new Link(socket);
  await expect(link.hearHello()).rejects.toThrow();
  await expect(connectPeer("unknown", peer, us, false, signal)).rejects.toThrow("failed");
  expect(taken).toBe(0);
  listener.forget("pinned");
});

test("nobody is let in without a certificate or below TLS 1.3", async () => {
  let taken = 0;
  listener.expect("strict", { identity: them, fingerprint: us.fingerprint, take: () => taken++ });
  const naked = connect({ host: "127.0.0.1", port, servername: "strict", rejectUnauthorized: false });
  await once(naked, "secureConnect");
  expect(naked.getProtocol()).toBe("TLSv1.3");
  naked.resume();
  await once(naked, "close");
  const old = connect({ host: "127.0.0.1", port, servername: "strict", maxVersion: "TLSv1.2" });
  await expect(once(old, "secureConnect")).rejects.toThrow(/protocol version|alert/i);
  expect(taken).toBe(0);
  listener.forget("strict");
});

test("an identity is a sound certificate, stays the same in its folder, and is nobody else's", async () => {
  const certificate = new X509Certificate(us.certificate_pem);
  expect(certificate.verify(certificate.publicKey)).toBe(true);
  expect(certificate.fingerprint256.replaceAll(":", "").toLowerCase()).toBe(us.fingerprint);
  expect(certificate.subject).toBe("CN=uniview mover");
  const folder = newPath("identity");
  const first = await identityIn(folder);
  expect(await identityIn(folder)).toEqual(first);
  expect((await stat(join(folder, "identity.json"))).mode & 0o777).toBe(0o600);
  expect((await identityIn(newPath("other"))).fingerprint).not.toBe(first.fingerprint);
});
