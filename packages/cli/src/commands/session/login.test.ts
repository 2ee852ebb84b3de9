import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Problem } from "@uniview/api";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Answers, serveContract } from "../../testing/contract-server.ts";
import { runCli } from "../../testing/run-cli.ts";
import { JOB_ID } from "../../testing/samples.ts";

const AT = "2026-11-22T12:00:00.000Z";
const user = { id: JOB_ID, name: "ada", role: "user" as const, created_at: AT };
const status = () => ({ version: "0.1.0", setup_needed: false, now: AT });
let home: string;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "uniview-cli-"));
});
afterEach(() => rm(home, { recursive: true }));

const answers: Answers = {
  getStatus: status,
  signIn: ({ body }, response) => {
    if ((body as { password: string }).password !== "correct horse") {
      throw new Problem("wrong-sign-in", "The name or the password is wrong.");
    }
    response.setHeader("set-cookie", "uniview_session=abc; HttpOnly; SameSite=Strict");
    return { user, expires_at: AT };
  },
  createToken: ({ headers, body }) => {
    expect(headers.cookie).toBe("uniview_session=abc");
    const { name } = body as { name: string };
    return { id: JOB_ID, name, created_at: AT, expires_at: null, last_used_at: null, token: "uvt_made" };
  },
  signOut: () => undefined,
  getSession: ({ headers }) => {
    if (headers.authorization !== "Bearer uvt_made")
      throw new Problem("not-signed-in", "The token is not valid.");
    return { user, expires_at: null };
  },
  deleteToken: () => undefined,
};

test("a password makes a token that only its owner may read, and is not kept", async () => {
  await using uniview = await serveContract(answers);
  const words = ["login", "--url", `${uniview.url}/`, "--name", "ada", "--password-stdin"];
  const { exit_code, out } = await runCli(words, { home, input: "correct horse\n" });
  expect(exit_code).toBe(0);
  expect(out).toBe(`✓ Signed in to ${uniview.url} as ada (user).\n`);
  const path = join(home, ".config/uniview/config.json");
  expect(JSON.parse(await readFile(path, "utf8"))).toEqual({
    url: uniview.url,
    token: "uvt_made",
    token_id: JOB_ID,
  });
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  expect(uniview.calls).toContain("DELETE /session");

  expect(JSON.parse((await runCli(["whoami", "--json"], { home })).out)).toMatchObject({
    user: { name: "ada" },
  });

  await runCli(["logout"], { home });
  expect(uniview.calls).toContain(`DELETE /tokens/${JOB_ID}`);
  expect((await runCli(["whoami"], { home })).exit_code).toBe(1);
});

test("a wrong password remembers nothing", async () => {
  await using uniview = await serveContract(answers);
  const words = ["login", "--url", uniview.url, "--name", "ada", "--password-stdin", "--json"];
  const { exit_code, err } = await runCli(words, { home, input: "guess" });
  expect(JSON.parse(err)).toMatchObject({ status: 401, detail: "The name or the password is wrong." });
  expect(exit_code).toBe(1);
  await expect(stat(join(home, ".config"))).rejects.toThrow("ENOENT");
});

test("a remembered token is not sent to another address", async () => {
  await using uniview = await serveContract(answers);
  await runCli(["login", "--url", uniview.url, "--token", "uvt_made"], { home });
  const { err } = await runCli(["whoami"], { home, env: { UNIVIEW_URL: "http://192.0.2.9" } });
  expect(err).toContain("There is no token for http://192.0.2.9.");
});

test("without a terminal a missing password is a usage error that names the option", async () => {
  await using uniview = await serveContract(answers);
  const { exit_code, err } = await runCli(["login", "--url", uniview.url, "--name", "ada"], { home });
  expect(err).toContain("--password-stdin");
  expect(exit_code).toBe(2);
});

test("a Uniview without an administrator says where the way in is", async () => {
  await using uniview = await serveContract({ getStatus: () => ({ ...status(), setup_needed: true }) });
  const { err } = await runCli(["login", "--url", uniview.url], { home });
  expect(err).toContain("one-time link");
});

test("who has a second factor is asked for a code, or gives it", async () => {
  await using uniview = await serveContract({
    ...answers,
    signIn: ({ body }, response) => {
      const { passcode } = body as { passcode?: string };
      if (passcode !== "123456") throw new Problem("passcode-needed", "You sign in with a code, too.");
      response.setHeader("set-cookie", "uniview_session=abc; HttpOnly; SameSite=Strict");
      return { user, expires_at: AT };
    },
  });
  const words = ["login", "--url", uniview.url, "--name", "ada", "--password-stdin"];
  const input = "correct horse\n";
  const refused = await runCli(words, { home, input });
  expect(refused).toMatchObject({ exit_code: 2, err: expect.stringContaining("--passcode") });
  expect((await runCli([...words, "--passcode", "123456"], { home, input })).exit_code).toBe(0);
});
