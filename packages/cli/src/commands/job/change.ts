import { endpoints } from "@uniview/api";
import type { Command } from "commander";
import type { Cli } from "../../cli.ts";
import { command, jsonOption } from "../../command.ts";
import { EXIT } from "../../exit-codes.ts";
import { progressState } from "../../output/state.ts";
import { harmless } from "../../output/text-width.ts";
import { waitForJob } from "./wait-for-job.ts";

interface Options {
  readonly wait?: true;
  readonly json?: true;
}

export function cancelJob(cli: Cli): Command {
  return change(
    cli,
    "cancel",
    endpoints.cancelJob,
    "Stop a job and undo what it did; once its copy runs, end it and leave the copy",
  );
}

export function retryJob(cli: Cli): Command {
  return change(
    cli,
    "retry",
    endpoints.retryJob,
    "Start an ended job again with the same input, or go on with the undo of a stuck one",
  );
}

function change(
  cli: Cli,
  verb: "cancel" | "retry",
  endpoint: typeof endpoints.cancelJob | typeof endpoints.retryJob,
  summary: string,
): Command {
  return command(verb, summary, [
    [`uniview job ${verb} 0193f0c5-…`, ""],
    [`uniview job ${verb} 0193f0c5-… --wait`, "and stay until it has ended"],
  ])
    .argument("<job>", "the job's id")
    .option("--wait", "stay until the job has ended")
    .addOption(jsonOption())
    .action(
      cli.runs(async (id: string, { wait, json }: Options) => {
        const client = await cli.client();
        const job = await client.call(endpoint, { params: { id }, signal: cli.surroundings.signal });
        if (wait) return waitForJob(cli, client, job.id, json === true);
        const { text, style } = progressState(job.status);
        if (json) cli.printJson(job);
        else cli.print(`${style ? cli.paint(style, text) : text}  ${harmless(job.title)}  ${job.id}`);
        return EXIT.ok;
      }),
    );
}
