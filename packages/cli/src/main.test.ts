import { execFile } from "node:child_process";
import { mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const BIN = fileURLToPath(new URL("../bin/uniview", import.meta.url));

interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

function execute(file: string, words: string[], env: NodeJS.ProcessEnv = process.env): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(file, words, { env }, (error, out, err) => {
      resolve({ code: typeof error?.code === "number" ? error.code : 0, out, err });
    });
  });
}

test("the program runs through a link, as npm makes it", async () => {
  const folder = await mkdtemp(join(tmpdir(), "uniview-cli-"));
  const link = join(folder, "uniview");
  await symlink(BIN, link);
  const { code, out } = await execute(link, ["--version"]);
  await rm(folder, { recursive: true });
  expect(out).toMatch(/^\d+\.\d+\.\d+\n$/);
  expect(code).toBe(0);
});

test("an exit code and a problem reach the shell", async () => {
  const env = {
    PATH: process.env["PATH"],
    HOME: "/nonexistent",
    NODE_COMPILE_CACHE: process.env["NODE_COMPILE_CACHE"],
  };
  const { code, err } = await execute(BIN, ["server", "list", "--json"], env);
  expect(JSON.parse(err)).toMatchObject({ status: 401, remedy: expect.stringContaining("uniview login") });
  expect(code).toBe(1);
});

test("a verb that is not there exits with 2 and suggests one that is", async () => {
  const { code, err } = await execute(BIN, ["server", "lst"]);
  expect(err).toContain("Did you mean list?");
  expect(code).toBe(2);
});
