import { BinaryValues } from "./binary-values.ts";

/** `PGCOPY\n\xff\r\n\0`, no flags, no extension: how a binary `copy` begins. */
const HEAD = Buffer.from("5047434f50590aff0d0a000000000000000000", "hex");
const END = -1;

/**
 * Rows in PostgreSQL's binary format of `copy`: it neither looks for escapes nor reads numbers, which is half of what
 * the same rows cost as text. Each row is begun, then filled column by column, in the order of the statement.
 */
export class CopyRows extends BinaryValues {
  readonly #columns: number;

  /** @param room_bytes as many as are expected; it grows beyond */
  constructor(columns: number, room_bytes: number) {
    super(HEAD.length + room_bytes);
    this.#columns = columns;
    this.at = HEAD.copy(this.bytes);
  }

  beginRow(): void {
    this.makeRoom(2);
    this.at = this.bytes.writeInt16BE(this.#columns, this.at);
  }

  /** @returns all that goes to PostgreSQL; nothing can be added any more */
  end(): Buffer {
    this.makeRoom(2);
    this.at = this.bytes.writeInt16BE(END, this.at);
    return this.bytes.subarray(0, this.at);
  }
}

/** The 16 bytes of a `uuid`. */
export function uuidBytes(uuid: string): Buffer {
  return Buffer.from(uuid.replaceAll("-", ""), "hex");
}
