import { BinaryValues } from "./binary-values.ts";

/** PostgreSQL's numbers of types (`pg_type.oid`). */
const TYPES = { text: 25, json: 114, timestamptz: 1184, varbit: 1562 } as const;
export type ElementType = keyof typeof TYPES;
const DIMENSIONS = 1;
const MAY_HOLD_NULL = 1;
const FIRST_INDEX = 1;
const HEAD_BYTES = 5 * 4;

/**
 * Arrays for the parameters of a statement, in PostgreSQL's binary format: it neither parses them nor looks for
 * escapes. Each is begun, then filled with as many values; all lie in one memory, which may move to another thread.
 */
export class ArrayValues {
  /** What arrays are filled through. Not what this is derived from: code that is hot stays with few shapes. */
  readonly values: BinaryValues;
  readonly #begins: number[] = [];

  /** @param room_bytes as many as are expected; it grows beyond */
  constructor(room_bytes: number) {
    this.values = new BinaryValues(room_bytes);
  }

  /** Begins an array of so many values: one or more. */
  begin(type: ElementType, values: number): void {
    this.#begins.push(this.values.at);
    const head = Buffer.allocUnsafe(HEAD_BYTES);
    let at = 0;
    for (const field of [DIMENSIONS, MAY_HOLD_NULL, TYPES[type], values, FIRST_INDEX]) {
      at = head.writeInt32BE(field, at);
    }
    this.values.append(head, 0, at);
  }

  end(): WrittenArrays {
    return { bytes: this.values.bytes.subarray(0, this.values.at), begins: this.#begins };
  }
}

export interface WrittenArrays {
  readonly bytes: Uint8Array;
  /** Where each array begins. */
  readonly begins: readonly number[];
}

/** One parameter an array, in the order in which they were begun. */
export function parametersOf({ bytes, begins }: WrittenArrays): Buffer[] {
  const { buffer, byteOffset, length } = bytes;
  return begins.map((from, at) => Buffer.from(buffer, byteOffset + from, (begins[at + 1] ?? length) - from));
}
