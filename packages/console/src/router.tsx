import type { QueryClient } from "@tanstack/react-query";
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  notFound,
  redirect,
} from "@tanstack/react-router";
import { sessionQuery } from "./api/identity.ts";
import { isProblem } from "./api/problem.ts";
import { ErrorPage } from "./pages/error.tsx";
import { MissingPage } from "./pages/missing.tsx";
import { readCapabilitiesSearch } from "./paths/capabilities-search.ts";
import { readJobsSearch } from "./paths/jobs-search.ts";
import { isKind } from "./paths/kinds.ts";
import { readListSearch } from "./paths/list-search.ts";
import { readMigrationSearch } from "./paths/migration-search.ts";
import { parseParameters, writeParameters } from "./paths/parameters.ts";
import { readTab } from "./paths/tabs.ts";
import { readToolsSearch } from "./paths/tools-search.ts";
import { Shell } from "./ui/shell.tsx";

const root = createRootRouteWithContext<{ readonly queries: QueryClient }>()();

const signIn = createRoute({
  getParentRoute: () => root,
  path: "/sign-in",
  validateSearch: ({ next }: Record<string, unknown>) =>
    typeof next === "string" && /^\/(?![/\\])/.test(next) ? { next } : {},
  component: lazyRouteComponent(() => import("./pages/sign-in.tsx"), "SignInPage"),
});

const setup = createRoute({
  getParentRoute: () => root,
  path: "/setup",
  validateSearch: ({ token }: Record<string, unknown>) => (typeof token === "string" ? { token } : {}),
  component: lazyRouteComponent(() => import("./pages/setup.tsx"), "SetupPage"),
});

/** Everything behind the sign-in. */
const shell = createRoute({
  getParentRoute: () => root,
  id: "shell",
  component: Shell,
  beforeLoad: async ({ context, location }) => {
    try {
      await context.queries.ensureQueryData(sessionQuery);
    } catch (problem) {
      if (!isProblem(problem, "not-signed-in") && !isProblem(problem, "setup-needed")) throw problem;
      throw redirect({ to: "/sign-in", search: location.href === "/" ? {} : { next: location.href } });
    }
  },
});

const below = <Path extends string>(path: Path) => ({ getParentRoute: () => shell, path });

const overview = createRoute({
  ...below("/"),
  component: lazyRouteComponent(() => import("./pages/overview.tsx"), "OverviewPage"),
});
const sites = createRoute({
  ...below("/sites"),
  component: lazyRouteComponent(() => import("./pages/sites.tsx"), "SitesPage"),
});
const addSite = createRoute({
  ...below("/sites/add"),
  validateSearch: ({ from }: Record<string, unknown>): { from?: "openrc" | "form" } =>
    from === "openrc" || from === "form" ? { from } : {},
  component: lazyRouteComponent(() => import("./pages/add-site.tsx"), "AddSitePage"),
});
const site = createRoute({
  ...below("/sites/$name"),
  validateSearch: readTab,
  component: lazyRouteComponent(() => import("./pages/site.tsx"), "SitePage"),
});
const capabilities = createRoute({
  ...below("/capabilities"),
  validateSearch: readCapabilitiesSearch,
  component: lazyRouteComponent(() => import("./pages/capabilities.tsx"), "CapabilitiesPage"),
});
const jobs = createRoute({
  ...below("/jobs"),
  validateSearch: readJobsSearch,
  component: lazyRouteComponent(() => import("./pages/jobs.tsx"), "JobsPage"),
});
const job = createRoute({
  ...below("/jobs/$id"),
  component: lazyRouteComponent(() => import("./pages/job.tsx"), "JobPage"),
});
const tokens = createRoute({
  ...below("/tokens"),
  component: lazyRouteComponent(() => import("./pages/tokens.tsx"), "TokensPage"),
});
const tools = createRoute({
  ...below("/tools"),
  validateSearch: readToolsSearch,
  component: lazyRouteComponent(() => import("./pages/tools.tsx"), "ToolsPage"),
});
const users = createRoute({
  ...below("/users"),
  component: lazyRouteComponent(() => import("./pages/users.tsx"), "UsersPage"),
});
const server = createRoute({
  ...below("/servers/$site/$id"),
  validateSearch: readTab,
  component: lazyRouteComponent(() => import("./pages/server.tsx"), "ServerPage"),
});
const migrate = createRoute({
  ...below("/servers/$site/$id/migrate"),
  validateSearch: readMigrationSearch,
  component: lazyRouteComponent(() => import("./pages/migrate.tsx"), "MigratePage"),
});

const kind = {
  parse: ({ kind }: { kind: string }) => {
    if (!isKind(kind)) throw notFound();
    return { kind };
  },
};
const list = createRoute({
  ...below("/$kind"),
  params: kind,
  validateSearch: readListSearch,
  component: lazyRouteComponent(() => import("./pages/resources.tsx"), "ResourcesPage"),
});
const resource = createRoute({
  ...below("/$kind/$site/$id"),
  params: {
    parse: ({ site, id, ...rest }: { kind: string; site: string; id: string }) => ({
      site,
      id,
      ...kind.parse(rest),
    }),
  },
  validateSearch: readTab,
  component: lazyRouteComponent(() => import("./pages/resource.tsx"), "ResourcePage"),
});

const routeTree = root.addChildren([
  signIn,
  setup,
  shell.addChildren([
    overview,
    sites,
    addSite,
    site,
    capabilities,
    jobs,
    job,
    tokens,
    tools,
    users,
    server,
    migrate,
    list,
    resource,
  ]),
]);

export function createConsoleRouter(queries: QueryClient) {
  return createRouter({
    routeTree,
    context: { queries },
    parseSearch: parseParameters,
    stringifySearch: writeParameters,
    defaultPreload: "intent",
    defaultErrorComponent: ErrorPage,
    defaultNotFoundComponent: MissingPage,
    scrollRestoration: true,
  });
}

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof createConsoleRouter>;
  }
}
