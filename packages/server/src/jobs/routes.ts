import { endpoints } from "@uniview/api";
import type { App } from "../http/app.ts";
import { route } from "../http/route.ts";
import type { JobService } from "./service.ts";

export function registerJobRoutes(app: App, jobs: JobService): void {
  route(app, endpoints.listJobs, ({ user, query }) => jobs.list(user, query));
  route(app, endpoints.getJob, ({ user, params }) => jobs.get(user, params.id));
  route(app, endpoints.cancelJob, ({ user, params }) => jobs.cancel(user, params.id));
  route(app, endpoints.retryJob, ({ user, params }) => jobs.retry(user, params.id));
}
