import { z } from "zod";
import { endpoint } from "../endpoint.ts";
import { Job, JobDetail, JobQuery } from "../schemas/jobs.ts";
import { MigrationPlan, PlanMigration } from "../schemas/migration.ts";
import { pageOf, Uuid } from "../schemas/terms.ts";

const ById = z.object({ id: Uuid });

export const listJobs = endpoint({
  id: "listJobs",
  method: "GET",
  path: "/jobs",
  tag: "jobs",
  access: "user",
  status: 200,
  summary: "My jobs, the newest first",
  query: JobQuery,
  response: pageOf(Job),
});
export const getJob = endpoint({
  id: "getJob",
  method: "GET",
  path: "/jobs/{id}",
  tag: "jobs",
  access: "user",
  status: 200,
  summary: "One job with its steps, log and result",
  params: ById,
  response: JobDetail,
});
export const cancelJob = endpoint({
  id: "cancelJob",
  method: "POST",
  path: "/jobs/{id}/cancel",
  tag: "jobs",
  access: "user",
  status: 202,
  summary: "Stop a job and undo what it did",
  params: ById,
  response: Job,
});
export const retryJob = endpoint({
  id: "retryJob",
  method: "POST",
  path: "/jobs/{id}/retry",
  tag: "jobs",
  access: "user",
  status: 202,
  idempotent_by_key: true,
  summary: "Start an ended job again with the same input; go on with the undo of a stuck one",
  params: ById,
  response: Job,
});
export const planMigration = endpoint({
  id: "planMigration",
  method: "POST",
  path: "/migrations/plan",
  tag: "migration",
  access: "user",
  status: 200,
  summary: "Pre-flight: checks, suggested mappings, disks, ports and the predicted downtime; changes nothing",
  body: PlanMigration,
  response: MigrationPlan,
});
export const startMigration = endpoint({
  id: "startMigration",
  method: "POST",
  path: "/migrations",
  tag: "migration",
  access: "user",
  status: 202,
  idempotent_by_key: true,
  summary: "Migrate a server to another site",
  body: PlanMigration,
  response: Job,
});
