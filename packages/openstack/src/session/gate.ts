/** Lets so many through at once; the others wait in the order they came. One may be shared by several sessions. */
export class Gate {
  #free: number;
  readonly #waiting: (() => void)[] = [];

  constructor(places: number) {
    this.#free = places;
  }

  /** @returns what leaves the gate again; call it exactly once. @throws the signal's reason, when it fires first */
  async enter(signal?: AbortSignal): Promise<() => void> {
    signal?.throwIfAborted();
    if (this.#free > 0) this.#free -= 1;
    else await this.#wait(signal);
    return () => this.#leave();
  }

  #wait(signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const enter = () => {
        signal?.removeEventListener("abort", giveUp);
        resolve();
      };
      const giveUp = () => {
        this.#waiting.splice(this.#waiting.indexOf(enter), 1);
        reject(signal?.reason);
      };
      this.#waiting.push(enter);
      signal?.addEventListener("abort", giveUp, { once: true });
    });
  }

  #leave(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#free += 1;
    else next();
  }
}

/** Enters one gate after the other. @returns what leaves them all; call it exactly once */
export async function enterAll(gates: readonly Gate[], signal?: AbortSignal): Promise<() => void> {
  const left: (() => void)[] = [];
  const leaveAll = () => {
    for (const leave of left.reverse()) leave();
  };
  try {
    for (const gate of gates) left.push(await gate.enter(signal));
    return leaveAll;
  } catch (error) {
    leaveAll();
    throw error;
  }
}
