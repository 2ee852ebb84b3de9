import type { Command } from "commander";
import type { Cli } from "../../cli.ts";
import { command, jsonOption } from "../../command.ts";
import { waitForJob } from "./wait-for-job.ts";

export function waitJob(cli: Cli): Command {
  return command("wait", "Stay until a job has ended, and show how it goes", [
    ["uniview job wait 0193f0c5-…", "steps, bytes, rate and time left, live"],
    ["uniview job wait 0193f0c5-… --json | jq .status", "for programs: prints the ended job"],
  ])
    .argument("<job>", "the job's id")
    .addOption(jsonOption())
    .addHelpText(
      "after",
      "\nExit codes: 0 succeeded, 3 failed or cancelled and undone, 4 stuck, 130 interrupted (the job goes on).",
    )
    .action(
      cli.runs(async (id: string, { json }: { readonly json?: true }) =>
        waitForJob(cli, await cli.client(), id, json === true),
      ),
    );
}
