import { type Figures, median, type Run } from "./figures.ts";

/** One bar, as docs and issues number them. */
export interface Bar {
  readonly id: string;
  readonly title: string;
  readonly op: ">=" | "<=";
  readonly target: number;
  /** Operations that it needs, `<contender> <operation>`. */
  readonly needs: readonly string[];
  /** One value a round. */
  values(figures: Figures): number[];
}

/** How many times more, or less, the second took than the first. */
function times(what: string, to: string, field: keyof Run): Pick<Bar, "needs" | "values"> {
  return { needs: [what, to], values: (figures) => figures.ratios(what, to, field) };
}

const PEAKS = ["uniview full", "uniview incremental", "uniview restore"];

/** Growth by the second disk, against the peer's. */
function growth(figures: Figures): number[] {
  const ours = grown(figures, "uniview");
  const theirs = grown(figures, "restic");
  return ours.flatMap((mib, round) => (theirs[round] === undefined ? [] : [mib / theirs[round]]));
}

function grown(figures: Figures, who: string): number[] {
  const before = figures.of(`${who} full`, "stored_mib");
  return figures.of(`${who} incremental`, "stored_mib").map((mib, round) => mib - (before[round] ?? 0));
}

export const BARS: readonly Bar[] = [
  {
    id: "P1",
    title: "full backup, speed against restic",
    op: ">=",
    target: 3,
    ...times("restic full", "uniview full", "wall_s"),
  },
  {
    id: "P2",
    title: "full backup, CPU against the limit in C",
    op: "<=",
    target: 1.25,
    ...times("uniview full", "native full", "cpu_s"),
  },
  {
    id: "P3",
    title: "full backup, speed against borg with fixed chunks",
    op: ">=",
    target: 1.2,
    ...times("borg full", "uniview full", "wall_s"),
  },
  {
    id: "P3_cpu",
    title: "full backup, CPU against borg with fixed chunks",
    op: "<=",
    target: 1.2,
    ...times("uniview full", "borg full", "cpu_s"),
  },
  {
    id: "P4",
    title: "2 % changed, speed against restic",
    op: ">=",
    target: 2.5,
    ...times("restic incremental", "uniview incremental", "wall_s"),
  },
  {
    id: "P4_growth",
    title: "2 % changed, growth against restic's",
    op: "<=",
    target: 0.8,
    needs: ["uniview incremental", "restic incremental"],
    values: growth,
  },
  // SHA-256 alone takes as long as the scan in C: what a repository that is scanned often is made with is BLAKE3.
  {
    id: "P5",
    title: "nothing changed, chunks named by BLAKE3, CPU against a scan in C with SHA-256",
    op: "<=",
    target: 1.2,
    ...times("uniview-blake3 rescan", "native scan", "cpu_s"),
  },
  {
    id: "P5_restic",
    title: "nothing changed, chunks named by BLAKE3, CPU against restic --force",
    op: ">=",
    target: 3,
    ...times("restic force", "uniview-blake3 rescan", "cpu_s"),
  },
  {
    id: "P5_sha256",
    title: "nothing changed, chunks named by SHA-256, CPU against a scan in C with SHA-256",
    op: "<=",
    target: 1.2,
    ...times("uniview rescan", "native scan", "cpu_s"),
  },
  {
    id: "P7",
    title: "verified restore, speed against restic",
    op: ">=",
    target: 1.7,
    ...times("restic restore", "uniview restore", "wall_s"),
  },
  {
    id: "P7_qemu",
    title: "verified restore, speed against qemu-img convert",
    op: ">=",
    target: 0.5,
    ...times("qemu-img convert", "uniview restore", "wall_s"),
  },
  {
    id: "P8",
    title: "most memory in full, incremental, restore, MiB",
    op: "<=",
    target: 256,
    needs: PEAKS,
    values: (figures) => [Math.max(...PEAKS.flatMap((what) => figures.of(what, "rss_mib")))],
  },
  {
    id: "P8_vast",
    title: "memory with a sparse disk of 2 TB against the small one",
    op: "<=",
    target: 1.2,
    ...times("uniview vast", "uniview full", "rss_mib"),
  },
  {
    id: "P9",
    title: "1 TiB that holds as little, CPU against the small disk",
    op: "<=",
    target: 1.15,
    ...times("uniview sparse", "uniview full", "cpu_s"),
  },
  {
    id: "P9_memory",
    title: "1 TiB that holds as little, memory against the small disk",
    op: "<=",
    target: 1.15,
    ...times("uniview sparse", "uniview full", "rss_mib"),
  },
  {
    id: "P10",
    title: "full backup, CPU of Cinder's chunked loop against it",
    op: ">=",
    target: 6,
    ...times("cinder full", "uniview full", "cpu_s"),
  },
  {
    id: "P11",
    title: "stored after the first disk, against restic",
    op: "<=",
    target: 1.25,
    ...times("uniview full", "restic full", "stored_mib"),
  },
  {
    id: "P11_both",
    title: "stored after both disks, against restic",
    op: "<=",
    target: 1.1,
    ...times("uniview incremental", "restic incremental", "stored_mib"),
  },
  {
    id: "P12",
    title: "disk to another site, speed against a local backup",
    op: ">=",
    target: 0.7,
    ...times("uniview full", "stream send", "wall_s"),
  },
];

export interface Verdict {
  readonly id: string;
  readonly value: number;
  readonly op: Bar["op"];
  readonly target: number;
  readonly holds: boolean;
}

/** The median of the rounds; undefined when no round had what the bar needs. */
export function judge({ id, op, target, values }: Bar, figures: Figures): Verdict | undefined {
  const value = median(values(figures).filter(Number.isFinite));
  if (value === undefined) return undefined;
  return {
    id,
    value: Number(value.toFixed(3)),
    op,
    target,
    holds: op === ">=" ? value >= target : value <= target,
  };
}
