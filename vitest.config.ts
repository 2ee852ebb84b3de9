import { defineConfig } from "vitest/config";

/** A busy machine is slow, not wrong: tests wait for events, and these limits only end what hangs. */
const PATIENCE_MS = 120_000;

export default defineConfig({
  test: {
    include: [
      "packages/*/src/**/*.test.{ts,tsx}",
      "packages/*/test/**/*.test.ts",
      "packages/*/e2e/**/*.e2e.test.ts",
      "tools/**/*.test.ts",
      "bench/**/*.test.ts",
    ],
    globalSetup: ["packages/server/src/db/testing-postgres.ts"],
    // Most tests wait for something (a state, a process, a page) rather than work: more of them than cores may run.
    maxWorkers: 3,
    testTimeout: PATIENCE_MS,
    hookTimeout: PATIENCE_MS,
  },
});
