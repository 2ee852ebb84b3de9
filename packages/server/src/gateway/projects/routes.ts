import { endpoints } from "@uniview/api";
import type { App } from "../../http/app.ts";
import { route } from "../../http/route.ts";
import type { ProjectStore } from "./project-store.ts";

export function registerProjects(app: App, projects: ProjectStore): void {
  route(app, endpoints.listProjects, async ({ user }) => ({ items: await projects.list(user) }));
  route(app, endpoints.createProject, ({ user, body }) => projects.create(user, body));
  route(app, endpoints.getProject, ({ user, params }) => projects.get(user, params.id));
  route(app, endpoints.changeProject, ({ user, params, body }) => projects.rename(user, params.id, body));
  route(app, endpoints.attachSite, ({ user, params, body }) => projects.attach(user, params.id, body));
  route(app, endpoints.detachSite, async ({ user, params }) => {
    await projects.detach(user, params.id, params.site);
    return undefined;
  });
  route(app, endpoints.deleteProject, async ({ user, params }) => {
    await projects.remove(user, params.id);
    return undefined;
  });
}
