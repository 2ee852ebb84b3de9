import type { Client, JobDetail, JobStatus } from "@uniview/api";
import type { Cli } from "../../cli.ts";
import { type ExitCode, exitCodeOf } from "../../exit-codes.ts";
import { followJob } from "../../live/follow-job.ts";
import { renderResult } from "../../output/job-view.ts";
import { renderProblem } from "../../output/problem-view.ts";
import { formatDuration } from "../../output/quantities.ts";
import { progressState } from "../../output/state.ts";
import { harmless } from "../../output/text-width.ts";
import { type JobScreen, lineScreen, liveScreen, noScreen } from "./job-screen.ts";

/** Waits for a job to end, shows how it goes on standard error, and prints what it came to. */
export async function waitForJob(cli: Cli, client: Client, id: string, json: boolean): Promise<ExitCode> {
  const { signal, errors } = cli.surroundings;
  const screen: JobScreen = errors.isTTY ? liveScreen(cli) : json ? noScreen : lineScreen(cli);
  let job: JobDetail;
  try {
    job = await followJob({ client, id, signal, on_job: screen.show, on_silence: screen.silence });
  } catch (error) {
    screen.close();
    if (signal.aborted) {
      cli.note(`The job goes on. Look at it: uniview job show ${id}   Stop it: uniview job cancel ${id}`);
    }
    throw error;
  }
  screen.close();
  if (json) cli.printJson(job);
  else printEnd(cli, job);
  return exitCodeOf(job.status);
}

function printEnd(cli: Cli, job: JobDetail): void {
  const { text, style } = progressState(job.status);
  const took =
    job.started_at && job.ended_at
      ? ` after ${formatDuration((Date.parse(job.ended_at) - Date.parse(job.started_at)) / 1000)}`
      : "";
  cli.print(`${style ? cli.paint(style, text) : text}  ${harmless(job.title)}${took}`);
  cli.print(renderResult(job, cli.paint));
  if (job.problem) cli.note(renderProblem(job.problem, cli.paint_note));
  cli.note(cli.paint_note("dim", nextStep(job.status, job.id)));
}

function nextStep(status: JobStatus, id: string): string {
  if (status === "stuck")
    return `An undo failed. See what is left: uniview job show ${id}   Go on with the undo: uniview job retry ${id}`;
  if (status === "undone" || status === "cancelled")
    return `What it did was undone. Try again: uniview job retry ${id}`;
  return "";
}
