/** From so many bytes on a call costs less than a loop. */
const LONG = 48;
const FIRST_CAPITAL = 0x41;
const LAST_CAPITAL = 0x5a;
const AS_SMALL = 0x20;

/** Text that is put together from pieces of other texts, in memory that is used again and again. */
export class AsciiText {
  readonly bytes: Buffer;
  at = 0;

  /** @param room_bytes more than that is never written; whoever writes looks at {@link room} */
  constructor(room_bytes: number) {
    this.bytes = Buffer.alloc(room_bytes);
  }

  get room(): number {
    return this.bytes.length - this.at;
  }

  byte(value: number): void {
    this.bytes[this.at] = value;
    this.at += 1;
  }

  part(source: Buffer, from: number, to: number): void {
    const { bytes } = this;
    let at = this.at;
    if (to - from >= LONG) at += source.copy(bytes, at, from, to);
    else for (let place = from; place < to; place += 1) bytes[at++] = source[place] as number;
    this.at = at;
  }

  piece(source: Buffer): void {
    this.part(source, 0, source.length);
  }

  lowerPart(source: Buffer, from: number, to: number): void {
    const { bytes } = this;
    let at = this.at;
    for (let place = from; place < to; place += 1) {
      const code = source[place] as number;
      bytes[at++] = code >= FIRST_CAPITAL && code <= LAST_CAPITAL ? code | AS_SMALL : code;
    }
    this.at = at;
  }
}
