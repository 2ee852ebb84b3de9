const NULL = -1;
const SIZE_BYTES = 4;
/** One UTF-16 unit takes at most so many bytes in UTF-8. */
const MAX_UNIT_BYTES = 3;
/** PostgreSQL counts microseconds from 2000 on. */
const EPOCH_MS = Date.UTC(2000, 0, 1);
const MICROSECONDS = 1000;
const BEFORE_ALL = -(2n ** 63n);
const AFTER_ALL = 2n ** 63n - 1n;
const INT32 = 2 ** 32;

/** Values one after the other, each with its size before it: as PostgreSQL takes them in `copy` and in arrays. */
export class BinaryValues {
  /** What was written so far, up to {@link at}; another one after each write. */
  bytes: Buffer;
  at = 0;

  /** @param room_bytes as many as are expected; it grows beyond */
  constructor(room_bytes: number) {
    this.bytes = Buffer.allocUnsafeSlow(room_bytes);
  }

  text(value: string | null): void {
    if (value === null) {
      this.#null();
      return;
    }
    this.makeRoom(SIZE_BYTES + value.length * MAX_UNIT_BYTES);
    const from = this.at + SIZE_BYTES;
    const size = this.bytes.write(value, from);
    this.bytes.writeInt32BE(size, this.at);
    this.at = from + size;
  }

  /** For `bytea`, and for types whose binary form is at hand. */
  binary(value: Buffer): void {
    this.part(value, 0, value.length);
  }

  /** A value whose binary form lies there. */
  part(source: Buffer, from: number, to: number): void {
    this.makeRoom(SIZE_BYTES + to - from);
    this.at = this.bytes.writeInt32BE(to - from, this.at);
    this.at += source.copy(this.bytes, this.at, from, to);
  }

  /** Values that were written elsewhere. */
  append(written: Buffer, from: number, to: number): void {
    this.makeRoom(to - from);
    this.at += written.copy(this.bytes, this.at, from, to);
  }

  /** A `bit(n)` of whole bytes. */
  bits(value: Uint8Array): void {
    this.makeRoom(2 * SIZE_BYTES + value.length);
    this.at = this.bytes.writeInt32BE(SIZE_BYTES + value.length, this.at);
    this.at = this.bytes.writeInt32BE(value.length * 8, this.at);
    this.bytes.set(value, this.at);
    this.at += value.length;
  }

  integer(value: number): void {
    this.makeRoom(SIZE_BYTES + 4);
    this.at = this.bytes.writeInt32BE(4, this.at);
    this.at = this.bytes.writeInt32BE(value, this.at);
  }

  /** Of whole numbers that a double holds, none below zero. */
  bigint(value: number): void {
    this.makeRoom(SIZE_BYTES + 8);
    this.at = this.bytes.writeInt32BE(8, this.at);
    this.at = this.bytes.writeInt32BE(Math.floor(value / INT32), this.at);
    this.at = this.bytes.writeUInt32BE(value % INT32, this.at);
  }

  /** A `timestamptz`: milliseconds since 1970, or one of both infinities. */
  instant(value_ms: number | null): void {
    if (value_ms === null) {
      this.#null();
      return;
    }
    this.makeRoom(SIZE_BYTES + 8);
    this.at = this.bytes.writeInt32BE(8, this.at);
    const value = (value_ms - EPOCH_MS) * MICROSECONDS;
    if (!Number.isSafeInteger(value)) {
      this.at = this.bytes.writeBigInt64BE(microseconds(value_ms), this.at);
      return;
    }
    // the next three centuries need no big integers, which are objects
    const high = Math.floor(value / INT32);
    this.at = this.bytes.writeInt32BE(high, this.at);
    this.at = this.bytes.writeUInt32BE(value - high * INT32, this.at);
  }

  #null(): void {
    this.makeRoom(SIZE_BYTES);
    this.at = this.bytes.writeInt32BE(NULL, this.at);
  }

  /** Before something is written past the methods above. */
  protected makeRoom(size: number): void {
    if (this.at + size <= this.bytes.length) return;
    const wider = Buffer.allocUnsafeSlow(2 * this.bytes.length + size);
    this.bytes.copy(wider, 0, 0, this.at);
    this.bytes = wider;
  }
}

function microseconds(value_ms: number): bigint {
  if (value_ms === -Infinity) return BEFORE_ALL;
  if (value_ms === Infinity) return AFTER_ALL;
  return BigInt(value_ms - EPOCH_MS) * BigInt(MICROSECONDS);
}
