import type { Readable } from "node:stream";

/** The stream ended before what was asked for had come. */
export class StreamEnded extends Error {
  override readonly name = "StreamEnded";
}

/** More than this is not taken off the stream before it is asked for. */
const MAX_AHEAD_BYTES = 64 * 1024;

/** A buffer that waits for bytes. */
interface Asked {
  readonly into: Buffer;
  done: number;
  readonly filled: PromiseWithResolvers<void>;
}

/**
 * Takes bytes off a stream, as many as asked for. One question at a time. Pieces are copied where they are wanted and given back to the
 * system at once: a stream of gigabytes would otherwise keep the garbage collector busier than all else.
 */
export class ByteReader {
  readonly #stream: Readable;
  /** What came before it was asked for. */
  readonly #pieces: { readonly bytes: Buffer; taken: number }[] = [];
  #ahead = 0;
  #asked: Asked | undefined;
  #ended: Error | undefined;

  constructor(stream: Readable) {
    this.#stream = stream;
    const end = (error: Error) => {
      this.#ended ??= error;
      this.#asked?.filled.reject(this.#ended);
    };
    const closed = () => end(new StreamEnded("the other side closed the connection"));
    stream.on("data", (bytes: Buffer) => this.#arrive(bytes));
    stream.on("error", end).on("end", closed).on("close", closed);
    if (stream.errored) end(stream.errored);
    else if (stream.destroyed || stream.readableEnded) closed(); // it will not be said again
  }

  /** @throws StreamEnded; the stream's error */
  async fill(into: Buffer): Promise<void> {
    const asked: Asked = { into, done: 0, filled: Promise.withResolvers() };
    for (let [piece] = this.#pieces; piece && asked.done < into.length; [piece] = this.#pieces) {
      const copied = piece.bytes.copy(into, asked.done, piece.taken);
      asked.done += copied;
      piece.taken += copied;
      this.#ahead -= copied;
      if (piece.taken < piece.bytes.length) break;
      this.#pieces.shift();
      giveBack(piece.bytes);
    }
    if (asked.done === into.length) return;
    if (this.#ended) throw this.#ended;
    this.#asked = asked;
    if (this.#stream.isPaused()) this.#stream.resume();
    try {
      await asked.filled.promise;
    } finally {
      this.#asked = undefined;
    }
  }

  /** @throws StreamEnded; the stream's error */
  async take(length: number): Promise<Buffer> {
    const bytes = Buffer.allocUnsafe(length);
    await this.fill(bytes);
    return bytes;
  }

  #arrive(bytes: Buffer): void {
    const asked = this.#asked;
    let taken = 0;
    if (asked && asked.done < asked.into.length) {
      taken = bytes.copy(asked.into, asked.done);
      asked.done += taken;
      if (asked.done === asked.into.length) asked.filled.resolve();
    }
    if (taken === bytes.length) {
      giveBack(bytes);
      return;
    }
    this.#pieces.push({ bytes, taken });
    this.#ahead += bytes.length - taken;
    if (this.#ahead >= MAX_AHEAD_BYTES) this.#stream.pause();
  }
}

/** Only of a piece that has its memory to itself: what is a part of a pool has neighbours. */
function giveBack({ buffer, byteLength }: Buffer): void {
  if (buffer instanceof ArrayBuffer && buffer.byteLength === byteLength) buffer.transfer(0);
}
