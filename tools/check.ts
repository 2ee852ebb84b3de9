import { type Check, runChecks } from "./run-checks.ts";

/** Everything that can be said of the code without running it. `npm run check -- --fix` mends what can be mended. */
const fix = process.argv.includes("--fix");

export const CHECKS: readonly Check[] = [
  {
    name: "format and lint",
    command: [
      "biome",
      "check",
      ...(fix ? ["--write"] : []),
      "--error-on-warnings",
      "--diagnostic-level=warn",
    ],
  },
  { name: "types", command: ["tsc", "-p", "tsconfig.json"] },
  { name: "types of the console", command: ["tsc", "-p", "packages/console/tsconfig.json"] },
  { name: "arrows", command: ["depcruise", "packages", "--config", ".dependency-cruiser.mjs"] },
  { name: "dead code", command: ["knip"] },
];

if (import.meta.main) {
  const { failed } = await runChecks(CHECKS);
  process.exitCode = failed === 0 ? 0 : 1;
}
