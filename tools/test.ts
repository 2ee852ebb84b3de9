import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CHECKS } from "./check.ts";
import { buildConsole } from "./console-build.ts";
import { ensureDebianPackages } from "./debian-packages.ts";
import { runChecks } from "./run-checks.ts";

/**
 * The whole suite: checks, unit and integration tests, the browser. Arguments go to vitest:
 * `npm test -- packages/api` runs those tests only, and no checks.
 */
const root = join(import.meta.dirname, "..");
const chosen = process.argv.slice(2);

ensureDebianPackages();
const checks = chosen.length > 0 ? { passed: 0, failed: 0 } : await runChecks(CHECKS);
await buildConsole();
const tests = await runTests();
console.log(`${checks.passed + tests.passed} passed, ${checks.failed + tests.failed} failed`);
process.exitCode = checks.failed + tests.failed === 0 && tests.passed > 0 ? 0 : 1;

async function runTests(): Promise<{ passed: number; failed: number }> {
  const dir = await mkdtemp(join(tmpdir(), "uniview-test-"));
  const file = join(dir, "result.json");
  try {
    const args = ["run", "--reporter=default", "--reporter=json", `--outputFile.json=${file}`, ...chosen];
    const code = await new Promise<number | null>((resolve, reject) => {
      const vitest = spawn(join(root, "node_modules/.bin/vitest"), args, {
        cwd: root,
        stdio: ["ignore", "inherit", "inherit"],
      });
      vitest.on("error", reject);
      vitest.on("close", resolve);
    });
    return await count(file, code);
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

/** A file that could not be loaded has no tests to fail: it counts as one failure, as does vitest's own. */
async function count(file: string, code: number | null): Promise<{ passed: number; failed: number }> {
  const text = await readFile(file, "utf8").catch(() => null);
  if (text === null) return { passed: 0, failed: 1 };
  const result = JSON.parse(text) as {
    numPassedTests: number;
    numFailedTests: number;
    numFailedTestSuites: number;
  };
  const failed = Math.max(result.numFailedTests, result.numFailedTestSuites > 0 ? 1 : 0, code === 0 ? 0 : 1);
  return { passed: result.numPassedTests, failed };
}
