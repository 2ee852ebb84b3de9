import type { Progress } from "@uniview/api";

/** What happened longer ago says little of what happens now. */
const WINDOW_MS = 10_000;
/** Less is chance. */
const MIN_SPAN_MS = 500;

interface Mark {
  readonly at_ms: number;
  readonly bytes: number;
}

/** Rate and time left, of the last seconds. */
export class Pace {
  readonly #marks: Mark[] = [];

  /** @param now_ms of a clock that only goes forward */
  progress(bytes_done: number, bytes_total: number | null, now_ms: number): Progress {
    this.#marks.push({ at_ms: now_ms, bytes: bytes_done });
    while (this.#marks.length > 2 && (this.#marks[1]?.at_ms ?? now_ms) <= now_ms - WINDOW_MS)
      this.#marks.shift();
    const first = this.#marks[0] ?? { at_ms: now_ms, bytes: bytes_done };
    const span_ms = now_ms - first.at_ms;
    const rate = span_ms < MIN_SPAN_MS ? null : ((bytes_done - first.bytes) / span_ms) * 1000;
    const left = bytes_total === null ? null : Math.max(0, bytes_total - bytes_done);
    return {
      bytes_done,
      bytes_total,
      rate_bytes_per_s: rate,
      remaining_s: rate === null || rate <= 0 || left === null ? null : left / rate,
    };
  }
}
