import { inlineLane, type Lane, threadLane, type Work } from "./lane.ts";

/** A buffer of a lane, for one chunk. */
export interface Slot {
  readonly lane: Lane;
  readonly number: number;
  readonly bytes: Buffer;
}

/** Lanes with their slots. The slots bound how many chunks are in memory; who finds none free waits. */
export class Lanes {
  readonly lanes: readonly Lane[];
  readonly #free: Slot[] = [];
  readonly #waiting: PromiseWithResolvers<Slot>[] = [];

  /** @param threads 0: the work is done in line */
  constructor(work: Work, threads: number) {
    this.lanes = threads === 0 ? [inlineLane(work)] : Array.from({ length: threads }, () => threadLane(work));
    const [first] = this.lanes;
    for (const number of first?.slots.keys() ?? [])
      for (const lane of this.lanes) {
        const bytes = lane.slots[number];
        if (bytes) this.#free.push({ lane, number, bytes });
      }
  }

  async take(): Promise<Slot> {
    const slot = this.#free.shift();
    if (slot) return slot;
    const asked = Promise.withResolvers<Slot>();
    this.#waiting.push(asked);
    return asked.promise;
  }

  giveBack(slot: Slot): void {
    const waiting = this.#waiting.shift();
    if (waiting) waiting.resolve(slot);
    else this.#free.push(slot);
  }

  async close(): Promise<void> {
    await Promise.all(this.lanes.map((lane) => lane.close()));
  }
}
