import { endpoints } from "@uniview/api";
import type { Command } from "commander";
import type { Cli } from "../../cli.ts";
import { command } from "../../command.ts";
import { EXIT } from "../../exit-codes.ts";
import { renderPlan } from "../../output/plan-view.ts";
import { type MigrationOptions, migrationRequest, withMigrationOptions } from "./migration-request.ts";

export function planMigration(cli: Cli): Command {
  const made = command("plan", "What a migration would do, and whether it could; changes nothing", [
    ["uniview migration plan web-1 --to epoxy", ""],
    ["uniview migration plan zed/web-1 --to epoxy --network demo-net=private --flavor m1.small=small", ""],
  ]).addHelpText("after", "\nExit code 1: some check failed, so the migration would not start.");
  return withMigrationOptions(made).action(
    cli.runs(async (wanted: string, options: MigrationOptions) => {
      const { signal } = cli.surroundings;
      const client = await cli.client();
      const body = await migrationRequest(client, wanted, options, signal);
      const plan = await client.call(endpoints.planMigration, { body, signal });
      if (options.json) cli.printJson(plan);
      else {
        cli.print(renderPlan(plan, cli.paint, cli.width));
        cli.note(
          plan.can_start
            ? `\nIt can start: uniview migration start ${plan.server.site}/${plan.server.name} --to ${options.to}`
            : "",
        );
      }
      return plan.can_start ? EXIT.ok : EXIT.failed;
    }),
  );
}
