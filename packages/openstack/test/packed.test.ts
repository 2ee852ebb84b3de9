import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { startSandbox } from "@uniview/sandbox";
import { afterAll, beforeAll, expect, test } from "vitest";

const run = promisify(execFile);
const root = join(import.meta.dirname, "../../..");
const tsc = join(root, "node_modules/.bin/tsc");

let dir: string;
let project: string;
let sandbox: Awaited<ReturnType<typeof startSandbox>>;

/** Like `npm pack` in the folder of the package, but of a copy: others read the real one meanwhile. */
async function pack(): Promise<string> {
  const copy = join(dir, "workspace");
  const parts = ["LICENSE", "tsconfig.json", "tools/pack.ts", "packages/openstack"];
  for (const part of parts) {
    await mkdir(dirname(join(copy, part)), { recursive: true });
    const filter = (path: string) => !/\/(node_modules|dist|\.cache)$/.test(path);
    await cp(join(root, part), join(copy, part), { recursive: true, filter });
  }
  await writeFile(join(copy, "package.json"), '{ "type": "module" }');
  await symlink(join(root, "node_modules"), join(copy, "node_modules"));
  const folder = join(copy, "packages/openstack");
  const { stdout } = await npm(folder, "pack", "--json");
  expect(await readFile(join(folder, "package.json"), "utf8")).toBe(
    await readFile(join(root, "packages/openstack/package.json"), "utf8"),
  );
  const [{ filename, files }] = JSON.parse(stdout.slice(stdout.indexOf("[\n")));
  const paths: string[] = files.map(({ path }: { path: string }) => path);
  expect(paths).toEqual(
    expect.arrayContaining(["README.md", "dist/index.js", "dist/index.d.ts", "dist/LICENSE"]),
  );
  expect(paths.filter((path) => /\.test\.|(?<!\.d)\.ts$/.test(path))).toEqual([]);
  return join(folder, filename);
}

async function npm(cwd: string, ...args: string[]) {
  const PATH = `${join(root, "node_modules/.bin")}:${process.env["PATH"]}`;
  return await run("npm", args, { cwd, env: { ...process.env, PATH } });
}

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "uniview-packed-"));
  project = join(dir, "empty");
  await mkdir(project);
  const [tarball] = await Promise.all([
    pack(),
    startSandbox({ name: "here", release: "zed", dir: join(dir, "site"), seed: "demo" }).then((started) => {
      sandbox = started;
    }),
  ]);
  const { devDependencies } = JSON.parse(await readFile(join(root, "package.json"), "utf8"));
  const types = `@types/node@${devDependencies["@types/node"]}`;
  await npm(project, "install", "--prefer-offline", "--no-audit", "--no-fund", tarball, types);
  const readme = await readFile(join(root, "packages/openstack/README.md"), "utf8");
  const [, lines = ""] = /```ts\n([\s\S]*?)```/.exec(readme) ?? [];
  expect(lines.trim().split("\n").length).toBeLessThanOrEqual(10);
  await writeFile(join(project, "list.mts"), lines);
  await writeFile(join(dir, "clouds.yaml"), sandbox.clouds_yaml);
});

afterAll(async () => {
  await sandbox.close();
  await rm(dir, { recursive: true, force: true });
});

test("in an empty project the ten lines of the README list the servers of a site", async () => {
  const env = { ...process.env, OS_CLIENT_CONFIG_FILE: join(dir, "clouds.yaml"), OS_CLOUD: "here" };
  const { stdout } = await run(process.execPath, ["list.mts"], { cwd: project, env });
  expect(stdout.trim().split("\n").length).toBeGreaterThan(3);
  expect(stdout).toMatch(/^[0-9a-f-]{36} \S+ ACTIVE$/m);
});

test.each(["nodenext", "bundler"])(
  "there they are typed, for a resolution by %s",
  async (moduleResolution) => {
    const module = moduleResolution === "bundler" ? "esnext" : moduleResolution;
    const options = `--noEmit --strict --target es2024 --types node --module ${module} --moduleResolution ${moduleResolution}`;
    await run(tsc, [...options.split(" "), "list.mts"], { cwd: project });
    const lines = await readFile(join(project, "list.mts"), "utf8");
    await writeFile(join(project, "wrong.mts"), lines.replace("server.status", "server.stature"));
    await expect(run(tsc, [...options.split(" "), "wrong.mts"], { cwd: project })).rejects.toMatchObject({
      stdout: expect.stringContaining("Property 'stature' does not exist on type 'Server'"),
    });
  },
);
