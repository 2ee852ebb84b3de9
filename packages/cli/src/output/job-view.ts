import { type JobDetail, type JobStep, MigrationResult } from "@uniview/api";
import { indent, renderFacts, section, stack } from "./facts.ts";
import type { Paint } from "./paint.ts";
import { renderProblem } from "./problem-view.ts";
import { renderProgress } from "./progress-view.ts";
import { formatAge, formatBytes, formatDuration } from "./quantities.ts";
import { progressState } from "./state.ts";
import { harmless } from "./text-width.ts";

/** Lines of the log that a job's page shows; `--json` has all. */
const LOG_LINES = 20;

/** A job's page: facts, steps, problem, result, the end of the log. */
export function renderJob(job: JobDetail, paint: Paint, now: Date): string {
  const took_s = job.started_at && secondsBetween(job.started_at, job.ended_at, now);
  return stack(
    renderFacts(
      [
        ["job", { text: job.title, style: "bold" }],
        ["id", job.id],
        ["status", progressState(job.status)],
        ["now at", job.ended_at === null ? job.current_step : ""],
        ["cancel", job.cancel_requested && job.ended_at === null ? "requested" : ""],
        ["owner", job.owner],
        ["started", job.started_at && `${job.started_at} (${formatAge(job.started_at, now)})`],
        [job.ended_at === null ? "so far" : "took", typeof took_s === "number" ? formatDuration(took_s) : ""],
        ["retry of", job.retry_of],
      ],
      paint,
    ),
    section("Steps", job.steps.map((step) => renderStep(step, paint, now)).join("\n"), paint),
    job.problem ? renderProblem(job.problem, paint) : "",
    renderResult(job, paint),
    section(
      "Log",
      job.log
        .slice(-LOG_LINES)
        .map(
          ({ at, level, message }) =>
            `${paint("dim", at)}  ${level === "info" ? "" : `${level}: `}${harmless(message)}`,
        )
        .join("\n"),
      paint,
    ),
  );
}

export function renderStep(step: JobStep, paint: Paint, now: Date): string {
  const { text, style } = progressState(step.status);
  const details = [
    step.started_at && step.status !== "pending"
      ? formatDuration(secondsBetween(step.started_at, step.ended_at, now))
      : "",
    step.attempt > 1 ? `attempt ${step.attempt}` : "",
    step.note ? harmless(step.note) : "",
  ].filter((part) => part !== "");
  const head = `${style ? paint(style, text.padEnd(11)) : text}  ${harmless(step.title)}`;
  const lines = [details.length > 0 ? `${head}  ${paint("dim", details.join(" · "))}` : head];
  if (step.progress && step.status === "running") lines.push(indent(renderProgress(step.progress, paint)));
  if (step.problem) lines.push(indent(renderProblem(step.problem, paint)));
  return lines.join("\n");
}

/** What a migration came to: where the server is now, how its disks were verified, how long it was down. */
export function renderResult(job: JobDetail, paint: Paint): string {
  const migration = MigrationResult.safeParse(job.result);
  if (!migration.success) return "";
  const { server, source, disks, downtime_s, consistency, degraded } = migration.data;
  const state = (status: string, locked = false) => `${status}${locked ? ", locked" : ""}`;
  return section(
    "Result",
    stack(
      renderFacts(
        [
          ["server", `${server.site}/${server.name}  ${server.id}  ${state(server.status)}`],
          ["addresses", server.addresses.map(({ address }) => address).join(" ")],
          ["source", `${source.site}  ${source.id}  ${state(source.status, source.locked)}`],
          ["downtime", downtime_s === null ? "" : `${formatDuration(downtime_s)}, measured`],
          ["consistency", consistency],
          ...disks.map((disk): [string, string] => [
            `disk ${disk.name}`,
            `${formatBytes(disk.bytes_moved)} moved, ${verified(disk.verified)}, ${disk.checksum.slice(0, 23)}…`,
          ]),
        ],
        paint,
      ),
      degraded.map((note) => `${paint("yellow", "!")} ${harmless(note)}`).join("\n"),
    ),
    paint,
  );
}

function verified(ends: "both-ends" | "target" | "none"): string {
  if (ends === "both-ends") return "verified at both ends";
  return ends === "target" ? "verified at the target" : "not verified: no site told a checksum";
}

function secondsBetween(from: string, to: string | null, now: Date): number {
  return ((to === null ? now.getTime() : Date.parse(to)) - Date.parse(from)) / 1000;
}
