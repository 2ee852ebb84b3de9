// The arrows of docs/architecture.md. A package that is not listed may import nothing of ours.
const MAY_IMPORT = {
  mover: ["api", "repository"],
  server: ["api", "openstack", "workflow"],
  cli: ["api", "repository"],
  console: ["api"],
};
const PACKAGES = [
  "api",
  "cli",
  "console",
  "mover",
  "openstack",
  "repository",
  "sandbox",
  "server",
  "workflow",
];

// Tests, and the face that packages show to tests of others, may use the sandbox and databases made for tests.
const TEST = "[.]test[.]tsx?$|/testing[^/]*[.]ts$|/testing/|/e2e/|/test/";

const arrows = PACKAGES.map((from) => ({
  name: `arrows-${from}`,
  comment: `${from} may import ${MAY_IMPORT[from]?.join(", ") ?? "nothing"} of ours: docs/architecture.md says why.`,
  severity: "error",
  from: { path: `^packages/${from}/`, pathNot: TEST },
  to: {
    path: "^packages/",
    pathNot: [from, ...(MAY_IMPORT[from] ?? [])].map((name) => `^packages/${name}/`),
  },
}));

export default {
  forbidden: [
    ...arrows,
    {
      name: "tests-share-no-code-of-the-sandbox-and-the-client",
      comment:
        "The sandbox shares no code with the client, not even in its tests: a common mistake must not make both agree.",
      severity: "error",
      from: { path: "^packages/sandbox/" },
      to: { path: "^packages/", pathNot: "^packages/sandbox/" },
    },
    {
      name: "only-routes-know-http",
      comment: "Services and workflows are called by routes, never the other way round.",
      severity: "error",
      from: { path: "^packages/server/src/[^/]+/(service|store|model|.*[.]workflow)[.]ts$" },
      to: { path: "^packages/server/src/(http/|[^/]+/routes[.]ts$)", dependencyTypesNot: ["type-only"] },
    },
    {
      name: "no-cycles",
      comment: "Two files that import each other are one file, or one concept is in the wrong place.",
      severity: "error",
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "(^|/)(node_modules|dist|[.]cache)/" },
    tsPreCompilationDeps: true,
    combinedDependencies: true,
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "node", "default"],
      extensions: [".ts", ".tsx", ".js", ".mjs"],
    },
  },
};
