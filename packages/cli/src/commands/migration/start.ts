import { type Client, endpoints, type PlanMigration, Problem } from "@uniview/api";
import type { Command } from "commander";
import type { Cli } from "../../cli.ts";
import { command, yesOption } from "../../command.ts";
import { EXIT } from "../../exit-codes.ts";
import { renderPlan } from "../../output/plan-view.ts";
import { askYes, isAttended } from "../../sign-in/ask.ts";
import { waitForJob } from "../job/wait-for-job.ts";
import { type MigrationOptions, migrationRequest, withMigrationOptions } from "./migration-request.ts";

interface Options extends MigrationOptions {
  readonly wait?: true;
  readonly yes?: true;
}

export function startMigration(cli: Cli): Command {
  const made = command("start", "Migrate a server to another site", [
    [
      "uniview migration start web-1 --to epoxy --wait",
      "shows the plan, asks, moves it, and stays until it is there",
    ],
    [
      "uniview migration start zed/web-1 --to epoxy --network demo-net=private",
      "chooses what a network becomes",
    ],
    ["uniview migration start web-1 --to epoxy --keep-source-running", "a copy: the source goes on"],
    ["uniview migration start web-1 --to epoxy --yes --wait --json | jq -r .status", "for programs"],
  ]).addHelpText(
    "after",
    `
The source is stopped, copied, verified on the target, and then left shut off and locked until you let go of it.
A migration that fails is undone: the source runs again, and nothing is left on the target.
Without a terminal nothing is asked. Exit codes with --wait: 0 succeeded, 3 undone, 4 stuck, 130 interrupted (the job goes on).`,
  );
  return withMigrationOptions(made)
    .option("--wait", "stay until the job has ended, and show how it goes")
    .addOption(yesOption())
    .action(
      cli.runs(async (wanted: string, options: Options) => {
        const { signal } = cli.surroundings;
        const client = await cli.client();
        const body = await migrationRequest(client, wanted, options, signal);
        const asks = !options.yes && !options.json && isAttended(cli.surroundings);
        if (asks && !(await agree(cli, client, body))) return EXIT.failed;
        const job = await client.call(endpoints.startMigration, { body, signal });
        if (options.wait) return waitForJob(cli, client, job.id, options.json === true);
        if (options.json) cli.printJson(job);
        else {
          cli.print(`${job.title}: job ${job.id}`);
          cli.note(`Follow it: uniview job wait ${job.id}`);
        }
        return EXIT.ok;
      }),
    );
}

async function agree(cli: Cli, client: Client, body: PlanMigration): Promise<boolean> {
  const plan = await client.call(endpoints.planMigration, { body, signal: cli.surroundings.signal });
  cli.note(`${renderPlan(plan, cli.paint_note, cli.surroundings.errors.columns)}\n`);
  if (!plan.can_start) {
    throw new Problem("preflight-failed", "The migration cannot start: see the failed checks above.");
  }
  return askYes(
    cli.surroundings,
    `Migrate ${plan.server.name} from ${plan.server.site} to ${plan.target.site} now?`,
  );
}
