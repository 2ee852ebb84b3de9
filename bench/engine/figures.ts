/** What one run of a command took, with everything that it started. */
export interface Run {
  readonly wall_s: number;
  readonly cpu_s: number;
  /** The most memory that it had at a time. */
  readonly rss_mib: number;
  /** What is in its repository afterwards, where it has one. */
  readonly stored_mib?: number;
}

/** Runs of all rounds by what was run, `<contender> <operation>`. */
export class Figures {
  readonly #runs = new Map<string, Map<number, Run>>();

  add(what: string, round: number, run: Run): void {
    const runs = this.#runs.get(what) ?? new Map<number, Run>();
    this.#runs.set(what, runs.set(round, run));
  }

  names(): string[] {
    return [...this.#runs.keys()];
  }

  of(what: string, field: keyof Run): number[] {
    return [...(this.#runs.get(what)?.values() ?? [])].map((run) => run[field] ?? Number.NaN);
  }

  /** One operation against another, in rounds that had both: machines change from minute to minute, rounds do not. */
  ratios(what: string, to: string, field: keyof Run): number[] {
    const others = this.#runs.get(to);
    return [...(this.#runs.get(what) ?? [])].flatMap(([round, run]) => {
      const a = run[field];
      const b = others?.get(round)?.[field];
      return a === undefined || b === undefined ? [] : [a / b];
    });
  }
}

/** Undefined of nothing. */
export function median(values: readonly number[]): number | undefined {
  const sorted = values.toSorted((a, b) => a - b);
  const [low, high] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]];
  return low === undefined || high === undefined ? undefined : (low + high) / 2;
}
