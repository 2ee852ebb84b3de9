export { FIRST_WAIT_MS, LONGEST_WAIT_MS } from "./attempt.ts";
export {
  type CommittedJob,
  defineWorkflow,
  type Job,
  type LastStep,
  type NoUndo,
  noUndo,
  type PlannedStep,
  type Progress,
  type StepContext,
  type StepSpec,
  type Workflow,
} from "./definition.ts";
export { createEngine, type Engine, type EngineOptions, RUNNING_LIMIT, type StartOptions } from "./engine.ts";
export { isDatabaseAway, JobCancelled, JobRefused, StepFailed } from "./failures.ts";
export type { JobDetail, JobFilter, JobPage, JobProgress, JobStep, JobSummary } from "./job-reader.ts";
export { JOB_CHANNEL } from "./job-writer.ts";
export { migrateWorkflow } from "./migrate.ts";
export type * from "./tables.ts";
