import type { Checksums, TransferFigures, TransferProblem, TransferState } from "@uniview/api/mover";
import { Rate } from "./rate.ts";

/** Progress is told at most so often; that all was moved, and a change of the state, at once. */
const TELL_EVERY_MS = 250;

type Side = "source" | "target";

/** What a transfer says of itself, and whom it tells. */
export class FigureBoard {
  readonly id: string;
  bytes_total: number | null = null;
  bytes_spooled = 0;
  zero_bytes = 0;
  checksums: Checksums | null = null;
  point: string | null = null;
  #state: TransferState = "running";
  #failure: TransferProblem | null = null;
  #revision = 1;
  #bytes_read = 0;
  #bytes_sent = 0;
  #bytes_sent_in_all = 0;
  #bytes_skipped = 0;
  #bytes_written = 0;
  #bytes_verified = 0;
  #rate = new Rate();
  readonly #waiting = new Map<Side, TransferProblem>();
  #told_at = 0;
  #later: NodeJS.Timeout | undefined;
  #watchers = new Set<() => void>();

  constructor(id: string) {
    this.id = id;
  }

  get state(): TransferState {
    return this.#state === "running" && this.#waiting.size > 0 ? "waiting" : this.#state;
  }

  read(bytes: number): void {
    this.#bytes_read += bytes;
    this.#progressed();
  }

  sent(bytes: number): void {
    this.#bytes_sent += bytes;
    this.#bytes_sent_in_all += bytes;
    this.#rate.add(bytes);
    this.#progressed();
  }

  /** A part of a disk that need not be moved: zeros, or the target has it. */
  skipped(bytes: number, zeros: boolean): void {
    this.#bytes_skipped += bytes;
    if (zeros) this.zero_bytes += bytes;
    this.#moved();
  }

  /** To another mover, packed as it is. */
  onWire(bytes: number): void {
    this.#bytes_sent += bytes;
    this.#bytes_sent_in_all += bytes;
    this.#progressed();
  }

  wrote(bytes: number): void {
    this.#bytes_written += bytes;
    this.#rate.add(bytes);
    this.#moved();
  }

  verified(bytes: number): void {
    this.#bytes_verified += bytes;
    this.#progressed();
  }

  /** A copy of a disk begins at its first chunk, and passes over those that it knows. */
  beginCopy(bytes_total: number): void {
    this.bytes_total = bytes_total;
    this.zero_bytes = 0;
    this.#bytes_skipped = 0;
    this.#bytes_written = 0;
    this.#bytes_verified = 0;
    this.#bytes_sent = 0;
    this.#rate = new Rate();
  }

  /** An upload begins, at the first byte as always. */
  beginUpload(): void {
    this.#bytes_sent = 0;
    this.#rate = new Rate();
  }

  waits(side: Side, problem: TransferProblem): void {
    this.#waiting.set(side, problem);
    this.#tell();
  }

  goesOn(side: Side): void {
    if (this.#waiting.delete(side)) this.#tell();
  }

  begin(): void {
    this.checksums = null;
    this.#end("running", null);
  }

  succeed(checksums: Checksums | null): void {
    this.checksums = checksums;
    this.#end("succeeded", null);
  }

  fail(problem: TransferProblem): void {
    this.#end("failed", problem);
  }

  cancel(): void {
    this.#end("cancelled", null);
  }

  figures(): TransferFigures {
    const rate_bytes_per_s = this.#rate.bytesPerSecond();
    const done = this.#bytes_written + this.#bytes_skipped || this.#bytes_sent;
    const left = this.bytes_total === null ? null : Math.max(0, this.bytes_total - done);
    return {
      id: this.id,
      revision: this.#revision,
      state: this.state,
      bytes_total: this.bytes_total,
      bytes_read: this.#bytes_read,
      bytes_spooled: this.bytes_spooled,
      bytes_sent: this.#bytes_sent,
      bytes_sent_in_all: this.#bytes_sent_in_all,
      bytes_skipped: this.#bytes_skipped,
      bytes_written: this.#bytes_written,
      bytes_verified: this.#bytes_verified,
      zero_bytes: this.zero_bytes,
      rate_bytes_per_s,
      remaining_s: left === null || !rate_bytes_per_s ? null : left / rate_bytes_per_s,
      checksums: this.checksums,
      point: this.point,
      problem: this.#failure ?? this.#waiting.values().next().value ?? null,
    };
  }

  /** Resolves with the next figures after that revision, or with the present ones when the time is up. */
  async after(since: number, wait_ms: number): Promise<TransferFigures> {
    if (this.#revision <= since && wait_ms > 0) {
      await new Promise<void>((resolve) => {
        const done = () => {
          clearTimeout(timer);
          this.#watchers.delete(done);
          resolve();
        };
        const timer = setTimeout(done, wait_ms);
        this.#watchers.add(done);
      });
    }
    return this.figures();
  }

  #end(state: TransferState, failure: TransferProblem | null): void {
    this.#state = state;
    this.#failure = failure;
    this.#waiting.clear();
    this.#tell();
  }

  #moved(): void {
    if (this.#bytes_written + this.#bytes_skipped === this.bytes_total) this.#tell();
    else this.#progressed();
  }

  #progressed(): void {
    const early_ms = TELL_EVERY_MS - (performance.now() - this.#told_at);
    if (early_ms <= 0) this.#tell();
    else this.#later ??= setTimeout(() => this.#tell(), early_ms).unref();
  }

  #tell(): void {
    clearTimeout(this.#later);
    this.#later = undefined;
    this.#told_at = performance.now();
    this.#revision++;
    for (const wake of [...this.#watchers]) wake();
  }
}
