import { Group, Paper, Text } from "@mantine/core";
import type { JobDetail } from "@uniview/api";
import { ProblemBox } from "./problem-box.tsx";
import { ProgressLine } from "./progress-line.tsx";

function stopping(committed: boolean): string {
  return committed ? "Stopping where it is" : "Stopping, then undoing what was done";
}

/** Where a job stands, in a sentence: what it does, why it waits, how it failed and what is left of that. */
export function JobOutcome({ job }: { readonly job: JobDetail }) {
  const { status, problem, current_step, cancel_requested, committed, title, steps } = job;
  switch (status) {
    case "queued":
      return <Text size="sm">It begins as soon as a place among the running jobs is free.</Text>;
    case "running": {
      const at = steps.findIndex((step) => step.status === "running");
      const progress = steps[at]?.progress;
      return (
        <Paper withBorder p="md" component="section" aria-label="What it does now">
          <Group justify="space-between" gap="xs" mb={progress ? 8 : 0}>
            <Text size="sm" fw={550}>
              {cancel_requested ? stopping(committed) : (current_step ?? "Beginning")}
            </Text>
            {at >= 0 && (
              <Text size="xs" c="dimmed">
                step {at + 1} of {steps.length}
              </Text>
            )}
          </Group>
          {progress && <ProgressLine progress={progress} label={`Progress of ${title}`} />}
        </Paper>
      );
    }
    case "waiting":
      return (
        <ProblemBox
          tone="warn"
          title="Waiting for a site. It goes on by itself as soon as the site answers; nothing is lost meanwhile."
          problem={
            problem ?? {
              title: "",
              detail: "The last try failed.",
              remedy: committed ? "End it to leave this undone." : "Cancel it to undo what was done.",
            }
          }
        />
      );
    case "undoing":
      return problem ? (
        <ProblemBox
          tone="warn"
          title={
            cancel_requested ? "Cancelled: undoing what was done" : "A step failed: undoing what was done"
          }
          problem={problem}
        />
      ) : (
        <Text size="sm">Undoing what was done, the last step first.</Text>
      );
    case "undone":
      return <ProblemBox problem={problem} title="It failed, and everything that it did is undone" />;
    case "cancelled":
      return <Text size="sm">Cancelled on request. Everything that it did is undone.</Text>;
    case "stuck":
      return (
        <ProblemBox
          problem={problem}
          title="An undo failed: a person is needed. Retry goes on with the undo."
        />
      );
    case "succeeded":
      return null;
  }
}
