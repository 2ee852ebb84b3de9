import { endpoints } from "@uniview/api";
import type { Command } from "commander";
import type { Cli } from "../../cli.ts";
import { command, jsonOption } from "../../command.ts";
import { EXIT } from "../../exit-codes.ts";
import { renderJob } from "../../output/job-view.ts";

export function showJob(cli: Cli): Command {
  return command("show", "One job with its steps, result and log", [
    ["uniview job show 0193f0c5-…", ""],
    [
      "uniview job show 0193f0c5-… --json | jq '.steps[].request_ids'",
      "the sites' own request ids, to quote to their operators",
    ],
  ])
    .argument("<job>", "the job's id")
    .addOption(jsonOption())
    .action(
      cli.runs(async (id: string, { json }: { readonly json?: true }) => {
        const client = await cli.client();
        const job = await client.call(endpoints.getJob, { params: { id }, signal: cli.surroundings.signal });
        if (json) cli.printJson(job);
        else cli.print(renderJob(job, cli.paint, cli.now()));
        return EXIT.ok;
      }),
    );
}
