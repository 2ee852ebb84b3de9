import type { ChunkMap } from "../copy/chunk-map.ts";
import type { ChunkSink, CopyBoard, PressedChunk } from "../copy/chunk-sink.ts";
import type { Slot } from "../copy/chunk-threads.ts";
import { DIGEST_BYTES, lengthOf, NO_DIGEST } from "../copy/digest.ts";
import type { Throttle } from "../throttle.ts";
import { type Frame, KIND, malformed, WINDOW } from "./frame.ts";
import type { Link } from "./link.ts";
import { ThreadLoad } from "./thread-load.ts";

/** More frames than this wait: the wire is slower than what comes before it. Packing makes fewer wait, and ends by itself where it is too slow. */
const WIRE_IS_SLOW_FRAMES = 2;
/** Sending 1 Gbit/s keeps the main thread busy for a seventh of the time; where processors are what all wait for, it is for most of it. */
const WIRE_IS_SLOW_LOAD = 0.4;

export interface StreamSinkOptions {
  readonly pack: "always" | "if_faster";
  readonly link: Link;
  readonly size_bytes: number;
  readonly board: CopyBoard;
  readonly throttle: Throttle;
  readonly signal: AbortSignal;
}

/** Digests of chunks from `first` on; one for all of them where there is only one. */
interface Has {
  readonly first: number;
  readonly count: number;
  readonly digests: Buffer;
}

/** The mover at the other end of a stream, as the end of a copy. One for each connection. */
export class StreamSink implements ChunkSink {
  readonly #options: StreamSinkOptions;
  /** What the receiver said that it has, and was not asked for yet. */
  readonly #has: Has[] = [];
  readonly #under_way = new Set<number>();
  readonly #load = new ThreadLoad();
  #wrong: readonly number[] | undefined;
  #lost: { readonly error: unknown } | undefined;
  #wake: PromiseWithResolvers<void> = Promise.withResolvers();
  #repairing = false;
  #receiver_is_busy = false;

  constructor(options: StreamSinkOptions) {
    this.#options = options;
    this.#listen().catch((error: unknown) => {
      this.#lost = { error };
      this.#tell();
    });
  }

  /** Packing takes more CPU than all else at both ends: it makes a stream faster only where the wire is what all wait for. */
  get packs(): boolean {
    const { pack, link } = this.#options;
    if (pack === "always") return true;
    if (this.#load.share > WIRE_IS_SLOW_LOAD || this.#receiver_is_busy) return false;
    return link.backlog_frames > WIRE_IS_SLOW_FRAMES;
  }

  async known(chunk: number): Promise<Buffer | undefined> {
    if (this.#repairing) return undefined;
    for (;;) {
      const at = this.#has[0];
      if (!at) await this.#change();
      else if (chunk >= at.first + at.count) this.#has.shift();
      else {
        const from = at.digests.length === DIGEST_BYTES ? 0 : (chunk - at.first) * DIGEST_BYTES;
        const digest = at.digests.subarray(from, from + DIGEST_BYTES);
        return digest.equals(NO_DIGEST) ? undefined : digest;
      }
    }
  }

  async put({ number, length, digest, packed_length }: PressedChunk, slot: Slot): Promise<void> {
    const { link, throttle, signal, board } = this.#options;
    const packed = packed_length > 0;
    const wire_bytes = packed ? packed_length : length;
    await throttle(wire_bytes, signal);
    await this.#enter(number);
    const part = packed ? slot.packed : slot.raw;
    await link.sendChunk({ packed, chunk: number, count: length }, digest, part, wire_bytes);
    board.onWire(wire_bytes);
  }

  async putZeros(chunk: number): Promise<void> {
    await this.#enter(chunk);
    await this.#options.link.send(KIND.zeros, { chunk });
  }

  async finish(source: ChunkMap): Promise<readonly number[]> {
    while (this.#under_way.size > 0) await this.#change();
    this.#wrong = undefined;
    this.#repairing = true; // what is wrong is sent whatever was said before
    await this.#options.link.send(KIND.end, {}, source.chain());
    while (!this.#wrong) await this.#change();
    return this.#wrong;
  }

  async #enter(chunk: number): Promise<void> {
    while (this.#under_way.size >= WINDOW) await this.#change();
    this.#under_way.add(chunk);
  }

  /** Waits for news. @throws what ended the connection */
  async #change(): Promise<void> {
    if (!this.#lost) await this.#wake.promise;
    this.#options.signal.throwIfAborted();
    if (this.#lost) throw this.#lost.error;
  }

  #tell(): void {
    this.#wake.resolve();
    this.#wake = Promise.withResolvers();
  }

  async #listen(): Promise<void> {
    const { link, board, size_bytes } = this.#options;
    for (;;) {
      const frame = await link.next();
      const payload = await link.payload(frame);
      if (frame.kind === KIND.has) this.#has.push(hasOf(frame, payload));
      else if (frame.kind === KIND.stored) {
        this.#receiver_is_busy = frame.packed;
        if (this.#under_way.delete(frame.chunk)) board.wrote(lengthOf(frame.chunk, size_bytes));
      } else if (frame.kind === KIND.wrong) {
        this.#wrong = Array.from({ length: payload.length / 4 }, (_, index) =>
          payload.readUInt32BE(index * 4),
        );
      } else throw malformed(`a frame of kind ${frame.kind}`);
      this.#tell();
    }
  }
}

function hasOf({ chunk: first, count, length }: Frame, payload: Buffer): Has {
  if (length === 0 || length % DIGEST_BYTES !== 0 || (count > 0 && length !== DIGEST_BYTES))
    throw malformed(`${length} bytes of digests`);
  return { first, count: count > 0 ? count : length / DIGEST_BYTES, digests: Buffer.from(payload) };
}
