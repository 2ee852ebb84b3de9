import type { Progress } from "./definition.ts";
import type { StepFigures } from "./job-writer.ts";

/** Over how long the rate is averaged: smooth for the eye, and quick to show a stall. */
const RATE_WINDOW_MS = 5_000;

/** Collects what a running step tells about itself until it is time to write it down. */
export class StepMeter {
  #told = false;
  #progress: Progress = {};
  #requests: StepFigures["request_ids"] = [];
  /** Points of time with their `bytes_done`, oldest first, none older than the window but the first. */
  readonly #points: { at: number; bytes: number }[] = [];

  progress(figures: Progress, now: number): void {
    this.#told = true;
    this.#progress = { ...this.#progress, ...figures };
    if (figures.bytes_done === undefined) return;
    this.#points.push({ at: now, bytes: figures.bytes_done });
    while (this.#points.length > 2 && (this.#points[1]?.at ?? now) < now - RATE_WINDOW_MS)
      this.#points.shift();
  }

  requestId(site: string, request_id: string): void {
    if (this.#requests.some((one) => one.site === site && one.request_id === request_id)) return;
    this.#told = true;
    this.#requests.push({ site, request_id });
  }

  /** What to write now, if anything was told since. Request ids are handed over once, figures are the latest. */
  takeIfNew(): StepFigures | undefined {
    if (!this.#told) return undefined;
    this.#told = false;
    const request_ids = this.#requests;
    this.#requests = [];
    return {
      bytes_done: whole(this.#progress.bytes_done),
      bytes_total: whole(this.#progress.bytes_total),
      rate_bytes_per_s: this.#rate(),
      note: this.#progress.note ?? null,
      request_ids,
    };
  }

  #rate(): number | null {
    const first = this.#points[0];
    const last = this.#points.at(-1);
    if (!first || !last || last.at <= first.at) return null;
    return Math.max(0, Math.round(((last.bytes - first.bytes) * 1_000) / (last.at - first.at)));
  }
}

function whole(bytes: number | undefined): number | null {
  return bytes === undefined || !Number.isFinite(bytes) ? null : Math.round(bytes);
}
