import { cpus, totalmem } from "node:os";
import type { Bar, Verdict } from "./bars.ts";
import type { Contender } from "./contender.ts";
import { type Figures, median } from "./figures.ts";

export interface Report {
  readonly figures: Figures;
  readonly present: readonly { readonly contender: Contender; readonly version: string }[];
  readonly bars: readonly Bar[];
  readonly verdicts: readonly Verdict[];
  readonly rounds: number;
  readonly size_bytes: number;
}

/** Prints who took part, what each operation took, and which bars hold, as Markdown. */
export function printReport({ figures, present, bars, verdicts, rounds, size_bytes }: Report): void {
  const [cpu] = cpus();
  const memory = Math.round(totalmem() / 1024 ** 3);
  console.log(
    `${cpus().length} × ${cpu?.model.trim() ?? "?"}, ${memory} GiB; disks of ${size_bytes / 1024 ** 3} GiB`,
  );
  console.log(`Median of ${rounds} alternating rounds (least–most).\n`);
  for (const { contender, version } of present) console.log(`- ${contender.name}: ${version}`);
  console.log("\n| operation | wall s | CPU s | memory MiB | stored MiB |\n| --- | --- | --- | --- | --- |");
  for (const name of figures.names()) {
    const cell = (field: "wall_s" | "cpu_s" | "rss_mib" | "stored_mib", digits: number) =>
      span(figures.of(name, field).filter(Number.isFinite), digits);
    console.log(
      `| ${name} | ${cell("wall_s", 2)} | ${cell("cpu_s", 2)} | ${cell("rss_mib", 0)} | ${cell("stored_mib", 0)} |`,
    );
  }
  console.log("\n| bar | | measured | wanted | |\n| --- | --- | --- | --- | --- |");
  for (const { id, title, op, target, values } of bars) {
    const verdict = verdicts.find((candidate) => candidate.id === id);
    const holds = verdict === undefined ? "not measured" : verdict.holds ? "holds" : "**missed**";
    console.log(`| ${id} | ${title} | ${span(values(figures), 2)} | ${op} ${target} | ${holds} |`);
  }
}

function span(values: readonly number[], digits: number): string {
  const middle = median(values);
  if (middle === undefined) return "";
  const written = (value: number) => value.toFixed(digits);
  const [least, most] = [Math.min(...values), Math.max(...values)];
  return least === most ? written(middle) : `${written(middle)} (${written(least)}–${written(most)})`;
}
