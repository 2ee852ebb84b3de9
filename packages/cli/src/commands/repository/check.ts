import type { Problem as Fault, Vault, VerifyReport } from "@uniview/repository";
import { type Command, InvalidArgumentError } from "commander";
import type { Cli } from "../../cli.ts";
import { command } from "../../command.ts";
import { EXIT } from "../../exit-codes.ts";
import { count, formatBytes } from "../../output/quantities.ts";
import { harmless } from "../../output/text-width.ts";
import { byteScreen } from "../../repository/byte-screen.ts";
import { atPlace, type Place } from "../../repository/open-place.ts";
import { type PlaceOptions, withPlaceOptions } from "../../repository/place-options.ts";
import { UsageError } from "../../usage-error.ts";

interface Options extends PlaceOptions {
  readonly sample?: number;
  readonly all?: true;
}

interface TenantReport extends VerifyReport {
  readonly tenant: string;
}

const DAY_MS = 24 * 60 * 60 * 1000;

export function checkRepository(cli: Cli): Command {
  const check = command("check", "Read what is stored, and name everything that is not as it was put", [
    ["uniview repository check --repository /srv/backups --key-file backups.key", "all of it"],
    ["uniview repository check --sample 10", "a tenth, another one each day: all of it in ten days"],
  ])
    .option("--sample <percent>", "read this share of the packs, another one each day", percent)
    .option("--all", "read everything; so it is done unless a sample is asked for");
  return withPlaceOptions(check).action(
    cli.runs((options: Options) => {
      if (options.all && options.sample !== undefined)
        throw new UsageError("Give --all or --sample, not both.");
      return atPlace(cli, options, "read", async (place) => {
        const part = partOf(options.sample, cli.now());
        const tenants: TenantReport[] = [];
        for (const vault of await place.vaults())
          tenants.push({ tenant: vault.tenant, ...(await verifyTenant(cli, place, vault, part)) });
        const problems = tenants.flatMap((tenant) => tenant.problems);
        if (options.json) cli.printJson({ ...(part ? { part } : {}), tenants });
        else for (const report of tenants) print(cli, report, part);
        return problems.length > 0 ? EXIT.needs_a_person : EXIT.ok;
      });
    }),
  );
}

type Part = { readonly index: number; readonly of: number } | undefined;

/** Parts take turns by the day, so that a nightly check reads everything in time. */
function partOf(sample: number | undefined, now: Date): Part {
  if (sample === undefined) return undefined;
  const of = Math.round(100 / sample);
  return { index: Math.floor(now.getTime() / DAY_MS) % of, of };
}

async function verifyTenant(cli: Cli, { engine }: Place, vault: Vault, part: Part): Promise<VerifyReport> {
  using screen = byteScreen(cli, `Checking ${vault.tenant}`);
  return await engine.verify(vault, {
    ...(part ? { part } : {}),
    signal: cli.surroundings.signal,
    onProgress: ({ done_bytes, size_bytes }) => screen.show(done_bytes, size_bytes),
  });
}

function print(cli: Cli, { tenant, points, packs, read_bytes, problems }: TenantReport, part: Part): void {
  const read = `${count(points, "recovery point")}, ${count(packs, "pack")}, ${formatBytes(read_bytes)} read`;
  const share = part ? ` (part ${part.index + 1} of ${part.of})` : "";
  if (problems.length === 0) {
    cli.print(`${cli.paint("green", "✓")} ${tenant}: ${read}${share}: all as it was put.`);
    return;
  }
  cli.print(`${cli.paint("red", "✗")} ${tenant}: ${read}${share}: ${count(problems.length, "problem")}.`);
  for (const problem of problems) printFault(cli, problem);
  cli.note(remedyOf(problems));
}

function remedyOf(problems: readonly Fault[]): string {
  const is_unindexed = problems.some(
    ({ object, chunk }) => object.startsWith("indexes/") || (chunk && object.startsWith("points/")),
  );
  if (is_unindexed)
    return "Indexes are lost or damaged: run `uniview repository rebuild`, which makes them anew, and check again.";
  const concerned = new Set(problems.flatMap(({ concerns }) => concerns));
  if (concerned.size === 0) return "No recovery point is concerned: all can be restored.";
  return `Concerned: ${count(concerned.size, "disk")}; all others can be restored. Where another copy of the repository is whole, copy from there.`;
}

function printFault(cli: Cli, { object, chunk, problem, concerns }: Fault): void {
  const what = problem.includes(object) ? problem : `${object}: ${problem}`;
  cli.print(`  ${harmless(what)}${chunk && !problem.includes(chunk) ? ` (chunk ${chunk})` : ""}`);
  for (const concern of concerns) cli.print(`    ${cli.paint("dim", "concerns")} ${harmless(concern)}`);
}

function percent(text: string): number {
  const share = Number(text.replace(/%$/, ""));
  if (!(share > 0 && share <= 100))
    throw new InvalidArgumentError("It must be a percentage, above 0 and up to 100.");
  return share;
}
