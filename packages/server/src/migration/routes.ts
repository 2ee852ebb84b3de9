import { endpoints } from "@uniview/api";
import type { App } from "../http/app.ts";
import { route } from "../http/route.ts";
import type { MigrationService } from "./service.ts";

export function registerMigrationRoutes(app: App, migrations: MigrationService): void {
  route(app, endpoints.planMigration, ({ user, body }) => migrations.plan(user, body));
  route(app, endpoints.startMigration, ({ user, body }) => migrations.start(user, body));
}
