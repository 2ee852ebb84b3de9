/** The stream ended before what was asked for had come. */
export class StreamEnded extends Error {
  override readonly name = "StreamEnded";
}

/** Takes bytes off a stream, as many as asked for. One question at a time. */
export class ByteReader {
  readonly #pieces: AsyncIterator<Buffer>;
  #left: Buffer = Buffer.alloc(0);

  constructor(stream: AsyncIterable<Buffer>) {
    this.#pieces = stream[Symbol.asyncIterator]();
  }

  /** @throws StreamEnded */
  async fill(into: Buffer): Promise<void> {
    for (let done = 0; done < into.length; ) {
      if (this.#left.length === 0) await this.#next();
      const taken = this.#left.copy(into, done);
      this.#left = this.#left.subarray(taken);
      done += taken;
    }
  }

  /** @throws StreamEnded */
  async take(length: number): Promise<Buffer> {
    if (this.#left.length >= length) {
      const bytes = this.#left.subarray(0, length);
      this.#left = this.#left.subarray(length);
      return bytes;
    }
    const bytes = Buffer.allocUnsafe(length);
    await this.fill(bytes);
    return bytes;
  }

  async #next(): Promise<void> {
    const { value, done } = await this.#pieces.next();
    if (done) throw new StreamEnded("the other side closed the connection");
    this.#left = value;
  }
}
