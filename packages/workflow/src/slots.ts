/**
 * Permissions to work, so that a thousand jobs do not all start at once.
 *
 * A job that was already at work (`urgent`) goes before those that have not begun: half-moved servers are down.
 */
export class Slots {
  #free: number;
  readonly #urgent: (() => void)[] = [];
  readonly #fresh: (() => void)[] = [];

  constructor(count: number) {
    this.#free = count;
  }

  /** @returns false when the signal fired first; then nothing is held */
  async take(signal: AbortSignal, urgent: boolean): Promise<boolean> {
    if (signal.aborted) return false;
    if (this.#free > 0) {
      this.#free -= 1;
      return true;
    }
    const line = urgent ? this.#urgent : this.#fresh;
    return new Promise((resolve) => {
      const called = () => {
        signal.removeEventListener("abort", given_up);
        resolve(true);
      };
      const given_up = () => {
        line.splice(line.indexOf(called), 1);
        resolve(false);
      };
      line.push(called);
      signal.addEventListener("abort", given_up, { once: true });
    });
  }

  give(): void {
    const next = this.#urgent.shift() ?? this.#fresh.shift();
    if (next) next();
    else this.#free += 1;
  }
}
