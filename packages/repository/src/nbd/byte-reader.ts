import type { Readable } from "node:stream";
import { release } from "../chunk/release.ts";

/** The stream ended before what was asked for had come. */
export class StreamEnded extends Error {
  override readonly name = "StreamEnded";
}

/** More than this is not taken off the stream before it is asked for. */
const MAX_AHEAD_BYTES = 256 * 1024;

/**
 * Takes bytes off a stream, as many as asked for. One question at a time. Pieces are given back to the system as soon as they are copied: a
 * stream of gigabytes would otherwise keep the garbage collector busier than anything else.
 */
export class ByteReader {
  readonly #stream: Readable;
  readonly #pieces: Buffer[] = [];
  /** Bytes of the first piece that were taken. */
  #taken = 0;
  #ahead = 0;
  #ended: Error | undefined;
  #wake: (() => void) | undefined;

  constructor(stream: Readable) {
    this.#stream = stream;
    const end = (error: Error) => {
      this.#ended ??= error;
      this.#wake?.();
    };
    stream.on("data", (piece: Buffer) => {
      this.#pieces.push(piece);
      this.#ahead += piece.length;
      if (this.#ahead >= MAX_AHEAD_BYTES) stream.pause();
      this.#wake?.();
    });
    stream.on("error", end);
    stream.on("close", () => end(new StreamEnded("the other side closed the connection")));
    stream.on("end", () => end(new StreamEnded("the other side closed the connection")));
  }

  /** @throws StreamEnded; the stream's error */
  async fill(into: Buffer): Promise<void> {
    for (let done = 0; done < into.length; ) {
      const [piece] = this.#pieces;
      if (!piece) {
        await this.#more();
        continue;
      }
      const copied = piece.copy(into, done, this.#taken);
      done += copied;
      this.#taken += copied;
      if (this.#taken === piece.length) this.#drop(piece);
    }
  }

  /** @throws StreamEnded; the stream's error */
  async take(length: number): Promise<Buffer> {
    const bytes = Buffer.allocUnsafe(length);
    await this.fill(bytes);
    return bytes;
  }

  #drop(piece: Buffer): void {
    this.#pieces.shift();
    this.#taken = 0;
    this.#ahead -= piece.length;
    release(piece);
    if (this.#ahead < MAX_AHEAD_BYTES && this.#stream.isPaused()) this.#stream.resume();
  }

  async #more(): Promise<void> {
    if (this.#ended) throw this.#ended;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
    this.#wake = undefined;
  }
}
