import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { startEmbeddedPostgres } from "@uniview/server/db/embedded-postgres";
import { barsOf } from "./bars.ts";
import { reportBars, reportRounds } from "./report.ts";
import { type Round, runRound, type Shape } from "./round.ts";

const HELP = `npm run bench:inventory -- [--rounds N] [--quick] [--json]
  --rounds N  how often everything is measured (3)
  --quick     a tenth of the sites, once: does it work, not how fast is it
  --json      only one line of JSON: { "bars": [{ "id", "value", "op", "target", "holds" }] }
The exit code is 0 whether the bars hold or not; it is another where nothing could be measured.
`;

/** As in the research that set the bars. */
const WHOLE: Shape = { sites: 50, servers_a_site: 2000, peer_sites: 2, pairs: 6, times: 21 };
const QUICK: Shape = { sites: 5, servers_a_site: 2000, peer_sites: 1, pairs: 1, times: 7 };

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "3" },
    quick: { type: "boolean", default: false },
    json: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});
const say = (text: string) => void process.stderr.write(values.json ? "" : text);

if (values.help) {
  process.stdout.write(HELP);
} else {
  const rounds = values.quick ? 1 : Number(values.rounds);
  if (!Number.isInteger(rounds) || rounds < 1)
    throw new RangeError(`--rounds ${values.rounds}: give 1 or more.`);
  await run(values.quick ? QUICK : WHOLE, rounds);
}

async function run(shape: Shape, count: number): Promise<void> {
  const rounds: Round[] = [];
  for (let at = 1; at <= count; at += 1) {
    rounds.push(await runAlone(shape, (step) => say(`round ${at} of ${count}: ${step} …\n`)));
  }
  const bars = barsOf(rounds, shape);
  if (values.json) {
    process.stdout.write(`${JSON.stringify({ bars })}\n`);
    return;
  }
  const { sites, servers_a_site } = shape;
  process.stdout.write(`\n${sites} sites of ${servers_a_site} servers each, medians of ${count} rounds\n\n`);
  process.stdout.write(`${reportRounds(rounds, shape)}\n\n${reportBars(bars)}\n`);
}

/** On a PostgreSQL of its own: what one round leaves to be written must not slow the next one down. */
async function runAlone(shape: Shape, on_step: (step: string) => void): Promise<Round> {
  const data_dir = await mkdtemp(join(tmpdir(), "uniview-bench-"));
  const postgres = await startEmbeddedPostgres({ data_dir });
  // Ctrl-C must not leave a PostgreSQL behind
  const stop = () => void postgres.close().finally(() => process.exit(130));
  process.once("SIGINT", stop).once("SIGTERM", stop);
  try {
    const database = { database_url: postgres.url(), database_pid: postgres.pid };
    return await runRound({ shape, ...database, with_peer: true, on_step });
  } finally {
    process.off("SIGINT", stop).off("SIGTERM", stop);
    await postgres.close();
    await rm(data_dir, { recursive: true, force: true });
  }
}
