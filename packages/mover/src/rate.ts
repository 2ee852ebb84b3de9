/** The rate is that of this last while: long enough to be calm, short enough to show a stall. */
const WINDOW_MS = 10_000;
const SAMPLE_MS = 250;

/** Bytes per second over the last while. */
export class Rate {
  readonly #samples: { at: number; bytes: number }[] = [];
  #bytes = 0;

  add(bytes: number): void {
    this.#bytes += bytes;
    const at = performance.now();
    const last = this.#samples.at(-1);
    if (last && at - last.at < SAMPLE_MS) return;
    this.#samples.push({ at, bytes: this.#bytes });
    while (this.#samples.length > 2 && at - (this.#samples[0]?.at ?? at) > WINDOW_MS) this.#samples.shift();
  }

  bytesPerSecond(): number | null {
    const first = this.#samples[0];
    if (!first) return null;
    const elapsed_ms = performance.now() - first.at;
    return elapsed_ms < SAMPLE_MS ? null : ((this.#bytes - first.bytes) / elapsed_ms) * 1000;
  }
}
