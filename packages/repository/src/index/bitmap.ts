/** A set of small numbers that grows with them. */
export class Bitmap {
  #bytes = new Uint8Array(1024);

  has(number: number): boolean {
    return (((this.#bytes[number >> 3] ?? 0) >> (number & 7)) & 1) === 1;
  }

  /** True when it was not in here before. */
  add(number: number): boolean {
    if (this.has(number)) return false;
    const at = number >> 3;
    if (at >= this.#bytes.length) {
      const wider = new Uint8Array(Math.max(this.#bytes.length * 2, at + 1));
      wider.set(this.#bytes);
      this.#bytes = wider;
    }
    this.#bytes[at] = (this.#bytes[at] ?? 0) | (1 << (number & 7));
    return true;
  }
}
