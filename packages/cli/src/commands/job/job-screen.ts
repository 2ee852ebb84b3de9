import type { JobDetail, JobStep, Problem } from "@uniview/api";
import type { Cli } from "../../cli.ts";
import { createLiveRegion } from "../../live/live-region.ts";
import { renderStep } from "../../output/job-view.ts";
import { renderProblem } from "../../output/problem-view.ts";
import { renderProgress } from "../../output/progress-view.ts";
import { progressState } from "../../output/state.ts";
import { harmless } from "../../output/text-width.ts";

/** How a waited job is shown while it goes on. */
export interface JobScreen {
  show(job: JobDetail): void;
  silence(problem: Problem): void;
  close(): void;
}

export const noScreen: JobScreen = { show() {}, silence() {}, close() {} };

const SETTLED: readonly JobStep["status"][] = ["succeeded", "failed", "undone"];

/** On a terminal: steps that are done scroll up and stay, the one at work is drawn over below them. */
export function liveScreen(cli: Cli): JobScreen {
  const region = createLiveRegion(cli.surroundings.errors);
  const printed = new Map<string, JobStep["status"]>();
  const paint = cli.paint_note;
  let lines: string[] = [];
  return {
    show(job) {
      for (const step of job.steps) {
        if (!SETTLED.includes(step.status) || printed.get(step.name) === step.status) continue;
        printed.set(step.name, step.status);
        region.printAbove(renderStep(step, paint, cli.now()));
      }
      const { text, style } = progressState(job.status);
      const at_work = job.steps.filter(({ status }) => !SETTLED.includes(status) && status !== "pending");
      lines = [
        "",
        `${style ? paint(style, text) : text}  ${harmless(job.title)}${job.cancel_requested ? paint("yellow", "  cancel requested") : ""}`,
        ...at_work.flatMap((step) => [
          ...renderStep({ ...step, progress: null }, paint, cli.now()).split("\n"),
          ...(step.progress && step.status !== "undoing" ? [renderProgress(step.progress, paint)] : []),
        ]),
        ...(job.problem ? renderProblem(job.problem, paint).split("\n") : []),
      ];
      region.draw(lines);
    },
    silence(problem) {
      region.draw([...lines, paint("yellow", `◐ ${problem.message} The job goes on; asking again.`)]);
    },
    close: () => region.clear(),
  };
}

/** In a log: one line whenever the job's status or a step's changes. */
export function lineScreen(cli: Cli): JobScreen {
  const said = new Set<string>();
  const say = (line: string) => {
    if (said.has(line)) return;
    said.add(line);
    cli.note(line);
  };
  return {
    show(job) {
      for (const { name: _name, title, status, attempt, problem } of job.steps) {
        if (status === "pending") continue;
        say(
          `${harmless(title)}: ${status}${attempt > 1 ? `, attempt ${attempt}` : ""}${problem ? `: ${harmless(problem.detail)}` : ""}`,
        );
      }
      if (job.status === "waiting" && job.problem) say(`waiting: ${harmless(job.problem.detail)}`);
    },
    silence: (problem) => say(`${problem.message} The job goes on; asking again.`),
    close() {},
  };
}
