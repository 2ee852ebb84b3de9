import { styleText } from "node:util";

/** What was proven and what was not, as it happens and in the end. */
export class Report {
  #passed = 0;
  readonly #failures: string[] = [];
  readonly #figures: [string, string][] = [];
  readonly #began_at = performance.now();

  get failed(): number {
    return this.#failures.length;
  }

  begin(title: string): void {
    console.log(`\n${styleText("bold", title)}`);
  }

  /** One promise: held or not. Goes on either way, so that one run shows all that is wrong. */
  check(promise: string, holds: boolean, detail: unknown = ""): void {
    const shown = typeof detail === "string" ? detail : JSON.stringify(detail);
    if (holds) {
      this.#passed++;
      console.log(`  ${styleText("green", "ok")}    ${promise}`);
    } else {
      this.#failures.push(`${promise}${shown === "" ? "" : `: ${shown}`}`);
      console.log(`  ${styleText("red", "FAIL")}  ${promise}${shown === "" ? "" : `: ${shown}`}`);
    }
  }

  note(text: string): void {
    console.log(styleText("dim", `        ${text}`));
  }

  figure(name: string, value: string): void {
    this.#figures.push([name, value]);
  }

  /** Measures and remembers how long something took. */
  async time<T>(name: string, work: () => Promise<T>): Promise<T> {
    const began_at = performance.now();
    const result = await work();
    this.figure(name, `${((performance.now() - began_at) / 1000).toFixed(1)} s`);
    return result;
  }

  end(): void {
    console.log(`\n${styleText("bold", "Figures")}`);
    for (const [name, value] of this.#figures) console.log(`  ${name.padEnd(60)} ${value}`);
    for (const failure of this.#failures) console.log(styleText("red", `  FAIL  ${failure}`));
    const took_s = Math.round((performance.now() - this.#began_at) / 1000);
    console.log(`\n${this.#passed} passed, ${this.#failures.length} failed (${took_s} s)`);
  }
}
