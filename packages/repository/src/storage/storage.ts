/**
 * Where a repository's objects live. Small on purpose: whatever can put, get, list and delete can hold a repository.
 * Names are paths with `/`, of `[a-zA-Z0-9.-]`. Every storage runs the suite of `testing/storage-suite.ts`.
 */
export interface Storage {
  /** Atomic: the object is there whole or not at all. Repeating it is harmless. The bytes are free again when it resolves. */
  put(name: string, bytes: Uint8Array): Promise<void>;
  /**
   * @param into memory that a range may be read into, which spares a copy; a storage may leave it alone. When the call has resolved or
   * rejected nobody writes to it any more.
   * @throws ObjectMissing; RangeError when the object is shorter than the range
   */
  get(name: string, range?: Range, into?: Uint8Array): Promise<Buffer>;
  /** A file of this machine that is the object, where there is one that threads may read by themselves. It need not be there. */
  fileOf?(name: string): string | undefined;
  /** Begins an object as a file of this machine, where there can be one that threads may write by themselves. */
  beginFile?(name: string): Promise<UnfinishedObject | undefined>;
  /** Objects whose name begins with the prefix, in no particular order. May be late, see `settle`. */
  list(prefix: string): AsyncIterable<StoredObject>;
  /** Fine when there is no such object. */
  delete(name: string): Promise<void>;
  /** Resolves when all that was put or deleted before the call is seen by every later `list`. */
  settle(): Promise<void>;
}

export interface Range {
  readonly offset: number;
  readonly length: number;
}

/** An object that is being written. Exactly one of `finish` and `drop` is called, when nobody writes any more. */
export interface UnfinishedObject {
  readonly fd: number;
  /** What was written is the object now, as if it had been put. A failure leaves nothing behind. */
  finish(): Promise<void>;
  drop(): Promise<void>;
}

export interface StoredObject {
  readonly name: string;
  readonly size_bytes: number;
}

/** There is no object of that name. */
export class ObjectMissing extends Error {
  override readonly name = "ObjectMissing";
  readonly object: string;
  constructor(object: string, options?: ErrorOptions) {
    super(`the storage has no object ${object}`, options);
    this.object = object;
  }
}

/** The object, or undefined where there is none. */
export async function getIfThere(storage: Storage, name: string): Promise<Buffer | undefined> {
  try {
    return await storage.get(name);
  } catch (error) {
    if (error instanceof ObjectMissing) return undefined;
    throw error;
  }
}

const NAME = /^[a-zA-Z0-9][a-zA-Z0-9.-]*(\/[a-zA-Z0-9][a-zA-Z0-9.-]*)*$/;

/** @throws RangeError for a name that could leave the storage, or that not every storage can hold */
export function checkName(name: string): string {
  if (!NAME.test(name))
    throw new RangeError(`"${name}" is no name of an object: use letters, digits, "." and "-" between "/"`);
  return name;
}

/** @throws RangeError when the object ends before the range does */
export function cut(name: string, bytes: Buffer, range: Range | undefined): Buffer {
  if (!range) return bytes;
  if (range.offset + range.length > bytes.length) throw tooShort(name, range, bytes.length);
  return bytes.subarray(range.offset, range.offset + range.length);
}

export function tooShort(name: string, range: Range, size_bytes: number): RangeError {
  return new RangeError(
    `${name} has ${size_bytes} bytes, and bytes ${range.offset} to ${range.offset + range.length} were asked for`,
  );
}
