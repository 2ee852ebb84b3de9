import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";

// A linter that looks at nothing passes everything: so each rule is shown a small tree that breaks it.

const root = join(import.meta.dirname, "..");
let tree: string;

beforeAll(async () => {
  tree = await mkdtemp(join(tmpdir(), "uniview-arrows-"));
  await cp(join(root, ".dependency-cruiser.mjs"), join(tree, ".dependency-cruiser.mjs"));
  await mkdir(join(tree, "node_modules/@uniview"), { recursive: true });
  for (const name of ["api", "cli", "openstack", "sandbox", "server"]) {
    await plant(
      `packages/${name}/package.json`,
      JSON.stringify({ name: `@uniview/${name}`, type: "module", exports: { ".": "./src/index.ts" } }),
    );
    await plant(`packages/${name}/src/index.ts`, "export const here = 1;\n");
    await symlink(join(tree, "packages", name), join(tree, "node_modules/@uniview", name));
  }
});

afterAll(() => rm(tree, { recursive: true, force: true }));

async function plant(path: string, text: string): Promise<void> {
  await mkdir(dirname(join(tree, path)), { recursive: true });
  await writeFile(join(tree, path), text);
}

/** Names of the rules that the tree breaks with this file in it. */
async function brokenRules(path: string, text: string): Promise<string[]> {
  await plant(path, text);
  try {
    const cruise = join(root, "node_modules/.bin/depcruise");
    const args = ["packages", "--config", ".dependency-cruiser.mjs", "--output-type", "json"];
    const { stdout } = await promisify(execFile)(cruise, args, { cwd: tree }).catch(
      (error: { stdout: string }) => error,
    );
    const { summary } = JSON.parse(stdout) as { summary: { violations: { rule: { name: string } }[] } };
    return [...new Set(summary.violations.map(({ rule }) => rule.name))];
  } finally {
    await rm(join(tree, path));
  }
}

test("an import that the arrows allow passes", async () => {
  expect(
    await brokenRules("packages/server/src/planted.ts", 'import { here } from "@uniview/api";\nvoid here;\n'),
  ).toEqual([]);
});

test.each([
  ["by its package name", 'import { here } from "@uniview/server";\nvoid here;\n'],
  ["by a path", 'import { here } from "../../server/src/index.ts";\nvoid here;\n'],
  ["for a type only", 'import type { here } from "@uniview/server";\nexport type Here = typeof here;\n'],
])("the CLI that imports the server %s is refused", async (_, text) => {
  expect(await brokenRules("packages/cli/src/planted.ts", text)).toEqual(["arrows-cli"]);
});

test("the sandbox that takes code from the client is refused, even in a test", async () => {
  const text = 'import { here } from "@uniview/openstack";\nvoid here;\n';
  expect(await brokenRules("packages/sandbox/src/planted.test.ts", text)).toContain(
    "tests-share-no-code-of-the-sandbox-and-the-client",
  );
});

test("a service that imports routes is refused", async () => {
  await plant("packages/server/src/jobs/routes.ts", "export const routes = 1;\n");
  const text = 'import { routes } from "./routes.ts";\nvoid routes;\n';
  expect(await brokenRules("packages/server/src/jobs/service.ts", text)).toEqual(["only-routes-know-http"]);
});

test("two files that import each other are refused", async () => {
  await plant("packages/api/src/one.ts", 'import { two } from "./two.ts";\nexport const one = () => two;\n');
  const text = 'import { one } from "./one.ts";\nexport const two = () => one;\n';
  expect(await brokenRules("packages/api/src/two.ts", text)).toEqual(["no-cycles"]);
});
