import type { CollectPlan, CollectReport, Vault } from "@uniview/repository";
import type { Command } from "commander";
import type { Cli } from "../../cli.ts";
import { command, yesOption } from "../../command.ts";
import { EXIT, type ExitCode } from "../../exit-codes.ts";
import { count, formatBytes } from "../../output/quantities.ts";
import { byteScreen } from "../../repository/byte-screen.ts";
import { atPlace, type Place } from "../../repository/open-place.ts";
import { type PlaceOptions, withPlaceOptions } from "../../repository/place-options.ts";
import { askYes, isAttended } from "../../sign-in/ask.ts";

interface Options extends PlaceOptions {
  readonly dryRun?: true;
  readonly yes?: true;
}

/** How long a collection waits for writers that began before it. */
const PATIENCE_MS = 60_000;

export function collectRepository(cli: Cli): Command {
  const gc = command("gc", "Delete what no recovery point needs; backups may go on meanwhile", [
    ["uniview repository gc --dry-run", "only say what would be deleted"],
    ["uniview repository gc --yes", "as a nightly job"],
  ])
    .option("--dry-run", "only say what would be deleted")
    .addOption(yesOption());
  return withPlaceOptions(gc).action(
    cli.runs((options: Options) => {
      const dry = options.dryRun === true || options.readOnly === true;
      return atPlace(cli, options, dry ? "read" : "write", async (place) => {
        const vaults = await place.vaults();
        const asks = !dry && !options.yes && !options.json && isAttended(cli.surroundings);
        if (dry || asks) {
          const plans = await planAll(cli, place, vaults, options);
          if (dry || plans.every((plan) => plan.doomed_packs === 0)) return EXIT.ok;
          if (!(await askYes(cli.surroundings, "Delete these packs?"))) return EXIT.failed;
        }
        return collectAll(cli, place, vaults, options);
      });
    }),
  );
}

async function planAll(
  cli: Cli,
  { engine }: Place,
  vaults: readonly Vault[],
  { json }: Options,
): Promise<CollectPlan[]> {
  const plans = [];
  for (const vault of vaults) plans.push({ tenant: vault.tenant, ...(await engine.planCollection(vault)) });
  if (json) cli.printJson({ dry_run: true, tenants: plans });
  else for (const plan of plans) cli.print(planLine(plan));
  return plans;
}

function planLine({
  tenant,
  packs,
  doomed_packs,
  doomed_bytes,
  rescued_bytes,
  writers,
}: CollectPlan & { tenant: string }) {
  if (doomed_packs === 0) return `${tenant}: every one of ${count(packs, "pack")} is needed.`;
  const rescued =
    rescued_bytes > 0 ? `, after copying ${formatBytes(rescued_bytes)} that are still needed` : "";
  const waits = writers > 0 ? `; ${count(writers, "writer")} may have to be waited for` : "";
  return `${tenant}: ${doomed_packs} of ${count(packs, "pack")} would be deleted, ${formatBytes(doomed_bytes)}${rescued}${waits}.`;
}

async function collectAll(
  cli: Cli,
  { engine, meter }: Place,
  vaults: readonly Vault[],
  { json }: Options,
): Promise<ExitCode> {
  const reports: (CollectReport & { readonly tenant: string })[] = [];
  for (const vault of vaults) {
    using screen = byteScreen(cli, `Collecting ${vault.tenant}`);
    const before = meter.read_bytes + meter.written_bytes;
    meter.on_bytes = () => screen.show(meter.read_bytes + meter.written_bytes - before, null);
    const { signal } = cli.surroundings;
    const report = await engine.collectGarbage(vault, { patience_ms: PATIENCE_MS, signal });
    reports.push({ tenant: vault.tenant, ...report });
  }
  if (json) cli.printJson({ tenants: reports });
  else for (const report of reports) print(cli, report);
  return reports.some(({ waits_for }) => waits_for.length > 0) ? EXIT.failed : EXIT.ok;
}

function print(
  cli: Cli,
  { tenant, deleted_packs, freed_bytes, waits_for }: CollectReport & { tenant: string },
): void {
  if (waits_for.length > 0)
    cli.print(
      `${cli.paint("yellow", "!")} ${tenant}: nothing was deleted, ${count(waits_for.length, "writer")} that began before is still at work. Run it again later.`,
    );
  else
    cli.print(
      `${cli.paint("green", "✓")} ${tenant}: ${count(deleted_packs, "pack")} deleted, ${formatBytes(freed_bytes)} freed.`,
    );
}
