import { Text } from "@mantine/core";
import type { JobStep } from "@uniview/api";
import { Duration } from "./age.tsx";
import { Copyable } from "./copyable.tsx";
import classes from "./job-steps.module.css";
import { ProblemBox } from "./problem-box.tsx";
import { ProgressLine } from "./progress-line.tsx";
import { StateIcon } from "./state-mark.tsx";
import { STEP_STATES } from "./states.ts";
import { amountText, sizeText } from "./units.ts";

interface JobStepsProps {
  readonly steps: readonly JobStep[];
  /** The job has ended: what is pending stays so. */
  readonly ended: boolean;
}

export function JobSteps({ steps, ended }: JobStepsProps) {
  return (
    <ol className={classes.steps} aria-label="Steps">
      {steps.map((step) => (
        <Step key={step.name} step={step} ended={ended} />
      ))}
    </ol>
  );
}

function Step({ step, ended }: { readonly step: JobStep; readonly ended: boolean }) {
  const { title, status, attempt, started_at, ended_at, progress, note, problem, request_ids } = step;
  const state =
    status === "pending" && ended ? { tone: "off" as const, word: "Not begun" } : STEP_STATES[status];
  const atWork = status === "running" || status === "waiting" || status === "undoing";
  return (
    <li className={classes.step} data-status={status} aria-current={atWork ? "step" : undefined}>
      <span className={classes.rail}>
        <StateIcon state={state} size={17} />
      </span>
      <div className={classes.body}>
        <div className={classes.head}>
          <span className={classes.title}>{title}</span>
          <span className={classes.figures}>
            {progress && !atWork && <span>{sizeText(progress.bytes_done)}</span>}
            {attempt > 1 && <span>{amountText(attempt, "try", "tries")}</span>}
            {started_at && status !== "pending" && (
              <Duration from={started_at} to={ended_at ?? (atWork ? null : started_at)} />
            )}
            <span className={classes.word}>{state.word}</span>
          </span>
        </div>
        {note && (
          <Text size="xs" c="dimmed">
            {note}
          </Text>
        )}
        {progress && atWork && (
          <div className={classes.progress}>
            <ProgressLine progress={progress} label={`Progress of ${title}`} />
          </div>
        )}
        {problem && (
          <div className={classes.problem}>
            <ProblemBox problem={problem} tone={status === "failed" ? "bad" : "warn"} />
          </div>
        )}
        {request_ids.length > 0 && (
          <details className={classes.requests}>
            <summary>{amountText(request_ids.length, "request id")}</summary>
            {request_ids.map(({ site, request_id }) => (
              <div key={request_id}>
                {site} <Copyable value={request_id} what="request id" />
              </div>
            ))}
          </details>
        )}
      </div>
    </li>
  );
}
