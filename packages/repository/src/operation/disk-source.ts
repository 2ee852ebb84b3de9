import { open } from "node:fs/promises";
import { isNear } from "../storage/near-files.ts";

/** Bytes of a disk from `offset_bytes` on. */
export interface Extent {
  readonly offset_bytes: number;
  readonly length_bytes: number;
}

/** A disk that can be read anywhere. */
export interface DiskSource {
  readonly size_bytes: number;
  /** Fills the buffer from the disk's bytes at an offset. Several reads are under way at once. */
  read(into: Buffer, offset_bytes: number): Promise<void>;
  /**
   * An open file with the same bytes at the same offsets, which come without waiting for a network: then the threads read it
   * themselves, which spares two switches between threads a chunk. Open until the write is over.
   */
  readonly fd?: number;
  /** Where there may be anything but zeros, ascending; without it everything is read. */
  readonly extents?: Iterable<Extent> | AsyncIterable<Extent>;
}

/** Walks ascending extents beside ascending offsets, and says which parts they touch. */
export class ExtentWalk {
  readonly #extents: AsyncIterator<Extent> | Iterator<Extent>;
  #at: Extent | undefined;
  #ended = false;

  constructor(extents: Iterable<Extent> | AsyncIterable<Extent>) {
    this.#extents =
      Symbol.asyncIterator in extents ? extents[Symbol.asyncIterator]() : extents[Symbol.iterator]();
  }

  /** Nothing between the part that was asked for last and this offset is touched. */
  get untouched_to(): number {
    return this.#ended ? Number.POSITIVE_INFINITY : (this.#at?.offset_bytes ?? 0);
  }

  /** Whether an extent touches this part. Parts must be asked for in ascending order. */
  async touches(offset_bytes: number, length_bytes: number): Promise<boolean> {
    while (!this.#ended && (this.#at === undefined || endOf(this.#at) <= offset_bytes)) {
      const { value, done } = await this.#extents.next();
      if (done) {
        this.#ended = true;
        this.#at = undefined;
      } else {
        if (this.#at && value.offset_bytes < this.#at.offset_bytes)
          throw new RangeError(
            `the extent at ${value.offset_bytes} comes after that at ${this.#at.offset_bytes}`,
          );
        this.#at = value;
      }
    }
    return this.#at !== undefined && this.#at.offset_bytes < offset_bytes + length_bytes;
  }
}

const endOf = ({ offset_bytes, length_bytes }: Extent) => offset_bytes + length_bytes;

/** A raw file or a block device. Close it when it was read. */
export async function openRawDisk(
  path: string,
  options: { size_bytes?: number; extents?: DiskSource["extents"] } = {},
): Promise<DiskSource & AsyncDisposable> {
  const file = await open(path, "r");
  try {
    const stat = await file.stat();
    const size_bytes = options.size_bytes ?? stat.size;
    return {
      size_bytes,
      ...(stat.isFile() && isNear(path) ? { fd: file.fd } : {}),
      ...(options.extents ? { extents: options.extents } : {}),
      async read(into, offset_bytes) {
        for (let done = 0; done < into.length; ) {
          const { bytesRead } = await file.read(into, done, into.length - done, offset_bytes + done);
          if (bytesRead === 0)
            throw new Error(`${path} ends at byte ${offset_bytes + done} of ${size_bytes}`);
          done += bytesRead;
        }
      },
      [Symbol.asyncDispose]: () => file.close(),
    };
  } catch (error) {
    await file.close();
    throw error;
  }
}
