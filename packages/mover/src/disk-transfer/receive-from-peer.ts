import { join } from "node:path";
import type { TLSSocket } from "node:tls";
import type { DiskSourceSide, DiskTargetSide } from "@uniview/api/mover";
import { type HashName, hashesHere } from "@uniview/repository/chunk/chunk-hash";
import { ChunkMap } from "../copy/chunk-map.ts";
import { CHUNK_BYTES, chunksOf } from "../copy/digest.ts";
import { DiskSink } from "../copy/disk-sink.ts";
import { TransferFailure } from "../failure.ts";
import { identityIn } from "../stream/identity-file.ts";
import { type Hello, Link } from "../stream/link.ts";
import { type Arrival, receiveDisk } from "../stream/receiver.ts";
import type { TransferContext } from "./context.ts";
import { TARGET_MAP } from "./copy-here.ts";
import { openTarget } from "./open-sides.ts";
import { keepDiskOutcome } from "./outcome.ts";

type FileTarget = Extract<DiskTargetSide, { kind: "file" | "device" }>;

/** Takes a disk from another mover, over as many connections as it takes; resolves when it was verified. */
export async function receiveFromPeer(
  { fingerprint }: Extract<DiskSourceSide, { kind: "peer" }>,
  target: FileTarget,
  context: TransferContext,
): Promise<void> {
  await using stack = new AsyncDisposableStack();
  let arrival: Awaited<ReturnType<typeof openArrival>> | undefined;
  let kept = false;
  for await (const socket of connections(fingerprint, context)) {
    const link = new Link(socket);
    context.board.goesOn("source");
    context.threads.start(); // while the two greet each other
    try {
      const hello = await link.hearHello();
      arrival ??= await openArrival(target, hello, context, stack);
      const { map, size_bytes } = arrival;
      const keep = async () => {
        await map.flush(); // late answers are given by it
        await keepDiskOutcome(context.dir, { bytes_total: size_bytes, point: null, checksums: null });
        kept = true;
      };
      await agree(link, hello, arrival);
      await receiveDisk({ ...context, link, ...arrival, keep });
      return;
    } catch (error) {
      if (kept) return; // whether the sender heard it or not
      context.signal.throwIfAborted();
      if (error instanceof TransferFailure) {
        await link.sayFailure(error.problem);
        throw error;
      }
      // the connection was lost: the sender comes again
    } finally {
      link.close();
    }
    context.board.waits("source", waiting().problem);
  }
}

/**
 * Tells senders that ask once more that all is there: the last answer may have been lost with its connection. Until the transfer is dropped.
 *
 * @param size_bytes of what was received
 */
export async function answerLate(
  { fingerprint }: Extract<DiskSourceSide, { kind: "peer" }>,
  size_bytes: number,
  context: TransferContext,
): Promise<void> {
  await using map = await ChunkMap.open(join(context.dir, TARGET_MAP), chunksOf(size_bytes));
  const refuse = async () => {
    throw new TransferFailure(
      "mover",
      "transfer-failed",
      "The transfer is over; nothing can be added to it.",
    );
  };
  const sink: Arrival = {
    known: async (chunk) => map.get(chunk),
    verify: async (chain) => (map.chain().equals(chain) ? [] : await refuse()),
    store: refuse,
    putZeros: refuse,
  };
  for await (const socket of connections(fingerprint, context)) {
    const link = new Link(socket);
    try {
      await agree(link, await link.hearHello(), { size_bytes, hash: map.hash });
      await receiveDisk({ ...context, link, sink, size_bytes, keep: async () => {} });
    } catch {
      // lost again, or another disk: the sender was told
    } finally {
      link.close();
    }
  }
}

async function openArrival(
  target: FileTarget,
  { size_bytes, hashes }: Hello,
  context: TransferContext,
  stack: AsyncDisposableStack,
) {
  const { dir, board, threads } = context;
  const disk = stack.use(await openTarget(target, size_bytes, context));
  const map = stack.use(await ChunkMap.open(join(dir, TARGET_MAP), chunksOf(size_bytes)));
  const hash = chooseHash(hashes, map);
  await map.useHash(hash);
  threads.hash = hash;
  board.beginCopy(size_bytes);
  const sink = new DiskSink({ ...context, target: disk, size_bytes, map, compare: context.spec().compare });
  return { size_bytes, hash, map, sink };
}

/** The sender's connections, one after the other: a new one ends the one before, which may be dead without anybody having noticed. */
async function* connections(fingerprint: string, context: TransferContext): AsyncGenerator<TLSSocket> {
  const { id, dir, settings, signal } = context;
  const streams = settings.listener?.streams;
  if (!streams)
    throw new TransferFailure(
      "mover",
      "invalid-input",
      "This mover listens for no others: start it with an address to listen at (stream).",
    );
  let next = Promise.withResolvers<TLSSocket>();
  let current: TLSSocket | undefined;
  const abort = () => {
    current?.destroy();
    next.reject(signal.reason);
  };
  next.promise.catch(() => {}); // nobody may be waiting
  signal.addEventListener("abort", abort, { once: true });
  streams.expect(id, {
    identity: await identityIn(dir),
    fingerprint,
    take(socket) {
      current?.destroy();
      current = socket;
      next.resolve(socket);
      if (signal.aborted) socket.destroy();
    },
  });
  try {
    for (;;) {
      signal.throwIfAborted();
      await next.promise;
      const socket = current;
      next = Promise.withResolvers();
      next.promise.catch(() => {});
      if (socket) yield socket;
    }
  } finally {
    streams.forget(id);
    signal.removeEventListener("abort", abort);
    current?.destroySoon();
  }
}

/** The one that an earlier mover used, so that nothing is read again; else the fastest that both have. */
function chooseHash(offered: readonly HashName[], map: ChunkMap): HashName {
  const both = hashesHere().filter((hash) => offered.includes(hash));
  const begun = map.missing() < map.chunks;
  return begun && both.includes(map.hash) ? map.hash : (both[0] ?? "sha256");
}

/** Goes on with a transfer as it began. @throws TransferFailure the sender no longer has that disk, or that hash */
async function agree(
  link: Link,
  hello: Hello,
  { size_bytes, hash }: { readonly size_bytes: number; readonly hash: HashName },
): Promise<void> {
  checkSize(size_bytes, hello.size_bytes);
  checkHash(hash, hello.hashes);
  await link.sayHello({ size_bytes, chunk_bytes: CHUNK_BYTES, hashes: [hash] });
}

function checkHash(hash: HashName, offered: readonly HashName[]): void {
  if (offered.includes(hash)) return;
  throw new TransferFailure(
    "mover",
    "transfer-failed",
    `The other mover can no longer make digests by ${hash}: install what it had, or begin the transfer anew.`,
  );
}

function checkSize(expected: number, size_bytes: number): void {
  if (size_bytes === expected) return;
  throw new TransferFailure(
    "source",
    "verification-failed",
    `The other mover sends a disk of ${size_bytes} bytes now, of ${expected} before.`,
  );
}

function waiting(): TransferFailure {
  return new TransferFailure(
    "source",
    "site-unreachable",
    "The other mover's connection was lost; it is awaited.",
  );
}
