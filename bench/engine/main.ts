import { mkdtempSync, rmSync, statfsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { BARS, judge } from "./bars.ts";
import { type Contender, type Ground, takeTurn } from "./contender.ts";
import { makeChangedDisk, makeFirstDisk, makeSparseDisk, SPARSE_BYTES } from "./disks.ts";
import { Figures } from "./figures.ts";
import { borg, cinder, nativeLimit, qemuImg, restic } from "./peers.ts";
import { printReport } from "./report.ts";
import { stream } from "./stream-contender.ts";
import { uniview } from "./uniview.ts";

// The engine against its peers and its limit, in memory, in alternating rounds; bench/engine/README.md says more.
const GIB = 1024 ** 3;
/** Disks, the largest repository of a peer, and a restored disk, at once. */
const SPACE_PER_SIZE = 4;
const MEMORY = "/dev/shm";

const { values: given } = parseArgs({
  options: {
    size: { type: "string", default: "2" },
    rounds: { type: "string", default: "3" },
    only: { type: "string" },
    json: { type: "boolean", default: false },
    folder: { type: "string" },
  },
});
const size_bytes = Number(given.size) * GIB;
const rounds = Number(given.rounds);
const only = given.only?.split(",");
const bars = BARS.filter(
  ({ id }) => !only || only.some((wanted) => id === wanted || id.startsWith(`${wanted}_`)),
);
if (!(size_bytes >= GIB / 4) || size_bytes % (GIB / 64) !== 0)
  throw new RangeError(`--size is ${given.size}: say how many GiB the disks have, 0.25 or more`);
if (!(Number.isInteger(rounds) && rounds > 0))
  throw new RangeError(`--rounds is ${given.rounds}: it must be 1 or more`);
if (bars.length === 0) throw new RangeError(`--only is ${given.only}: say bars as P1,P7`);

const say = (text: string) => process.stderr.write(`${text}\n`);
const wanted = new Set(bars.flatMap(({ needs }) => needs));
const ONCE = new Set(["cinder"]); // a minute of CPU a round, and its rounds do not differ

const folder = mkdtempSync(join(given.folder ?? placeFor(size_bytes * SPACE_PER_SIZE), "uniview-bench-"));
const end = () => rmSync(folder, { recursive: true, force: true });
for (const signal of ["SIGINT", "SIGTERM"] as const)
  process.once(signal, () => {
    end();
    process.exit(130);
  });
try {
  const ground = await prepare(folder);
  const present: { contender: Contender; version: string }[] = [];
  for (const contender of [
    uniview("sha256"),
    uniview("blake3"),
    nativeLimit,
    restic,
    borg,
    qemuImg,
    cinder,
    stream,
  ]) {
    if (![...wanted].some((what) => what.startsWith(`${contender.name} `))) continue;
    const version = await contender.present(ground);
    if (version === undefined) say(`${contender.name} is not installed: bars against it are left out`);
    else present.push({ contender, version });
  }
  const figures = new Figures();
  for (let round = 0; round < rounds; round++) await runRound(ground, present, figures, round);
  const verdicts = bars.flatMap((bar) => judge(bar, figures) ?? []);
  if (given.json) console.log(JSON.stringify({ bars: verdicts }));
  else printReport({ figures, present, bars, verdicts, rounds, size_bytes });
} finally {
  end();
}

function placeFor(wanted_bytes: number): string {
  try {
    const { bavail, bsize } = statfsSync(MEMORY);
    if (bavail * bsize >= wanted_bytes) return MEMORY;
  } catch {
    // no such file system here
  }
  say(`${MEMORY} has no room for this: figures will be those of a disk`);
  return tmpdir();
}

async function prepare(folder: string): Promise<Ground> {
  const ground = {
    folder,
    first: join(folder, "first.raw"),
    changed: join(folder, "changed.raw"),
    sparse: join(folder, "sparse.raw"),
  };
  say(`making disks of ${size_bytes / GIB} GiB in ${folder}`);
  await makeFirstDisk(ground.first, size_bytes);
  await makeChangedDisk(ground.first, ground.changed);
  if (wanted.has("uniview sparse") || wanted.has("uniview vast"))
    await makeSparseDisk(ground.first, ground.sparse, SPARSE_BYTES);
  return ground;
}

/** Every other round goes backwards: who comes first meets another machine than who comes last. */
async function runRound(
  ground: Ground,
  present: readonly { contender: Contender }[],
  figures: Figures,
  round: number,
): Promise<void> {
  for (const { contender } of round % 2 === 0 ? present : present.toReversed()) {
    if (round > 0 && ONCE.has(contender.name)) continue;
    await takeTurn(contender, {
      ground,
      wants: (operation) => wanted.has(`${contender.name} ${operation}`),
      tell(operation, run) {
        figures.add(`${contender.name} ${operation}`, round, run);
        const { wall_s, cpu_s, rss_mib } = run;
        say(
          `round ${round + 1}: ${contender.name} ${operation}: ${wall_s.toFixed(2)} s, CPU ${cpu_s.toFixed(2)} s, ${rss_mib.toFixed(0)} MiB`,
        );
      },
    });
  }
}
