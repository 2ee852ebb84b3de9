import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { startEmbeddedPostgres } from "@uniview/server/db/embedded-postgres";
import pg from "pg";
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
const WHOLE: Shape = { sites: 50, servers_a_site: 2000, peer_sites: 2, pairs: 3, times: 21 };
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
  const data_dir = await mkdtemp(join(tmpdir(), "uniview-bench-"));
  const postgres = await startEmbeddedPostgres({ data_dir });
  // Ctrl-C must not leave a PostgreSQL behind
  const stop = () => void postgres.close().finally(() => process.exit(130));
  process.once("SIGINT", stop).once("SIGTERM", stop);
  try {
    const rounds: Round[] = [];
    for (let at = 1; at <= count; at += 1) {
      const round = await runRound({
        shape,
        database_url: await createDatabase(postgres.url, `bench_${at}`),
        database_pid: postgres.pid,
        with_peer: true,
        on_step: (step) => say(`round ${at} of ${count}: ${step} …\n`),
      });
      rounds.push(round);
      await dropDatabase(postgres.url, `bench_${at}`);
    }
    const bars = barsOf(rounds, shape);
    if (values.json) process.stdout.write(`${JSON.stringify({ bars })}\n`);
    else {
      const { sites, servers_a_site } = shape;
      process.stdout.write(
        `\n${sites} sites of ${servers_a_site} servers each, medians of ${count} rounds\n\n`,
      );
      process.stdout.write(`${reportRounds(rounds, shape)}\n\n${reportBars(bars)}\n`);
    }
  } finally {
    await postgres.close();
    await rm(data_dir, { recursive: true, force: true });
  }
}

async function createDatabase(urlOf: (database: string) => string, name: string): Promise<string> {
  await command(urlOf("postgres"), `create database ${name}`);
  return urlOf(name);
}

/** What lies on the disk of earlier rounds must not slow later ones down. */
async function dropDatabase(urlOf: (database: string) => string, name: string): Promise<void> {
  await command(urlOf("postgres"), `drop database ${name} with (force)`);
}

async function command(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
    await client.query("checkpoint");
  } finally {
    await client.end();
  }
}
