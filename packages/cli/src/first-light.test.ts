import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createClient, endpoints } from "@uniview/api";
import { type Sandbox, startSandbox } from "@uniview/sandbox";
import { configure } from "@uniview/server/config";
import { testDatabaseUrl } from "@uniview/server/db/testing";
import { createServer, type RunningServer } from "@uniview/server/server";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type RunOptions, runCli } from "./testing/run-cli.ts";

/** The command line against the real server and two simulated sites: the way that an operator goes on the first day. */
let home: string;
let server: RunningServer;
let zed: Sandbox;
let epoxy: Sandbox;
const closing = new AsyncDisposableStack();

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "uniview-cli-"));
  closing.defer(() => rm(home, { recursive: true, force: true }));
  zed = await startSandbox({ name: "zed", release: "zed", dir: join(home, "zed"), seed: "demo" });
  closing.defer(() => zed.close());
  epoxy = await startSandbox({ name: "epoxy", release: "2025.1", dir: join(home, "epoxy"), seed: "empty" });
  closing.defer(() => epoxy.close());
  server = await createServer(
    configure({
      port: 0,
      data_dir: join(home, "data"),
      database_url: await testDatabaseUrl("empty"),
      log_level: "silent",
      check_answers: true,
    }),
  );
  closing.defer(() => server.close());
  const token = new URL(server.setup_link ?? "").searchParams.get("token") ?? "";
  const body = { token, name: "ada", password: "correct horse battery" };
  await createClient({ base_url: server.url }).call(endpoints.setUp, { body });
});
afterAll(() => closing.disposeAsync());

async function uniview(words: string[], options: RunOptions = {}) {
  const ran = await runCli(words, { home, ...options });
  return { ...ran, json: () => JSON.parse(ran.out || ran.err) };
}

test("login, add two sites, find a server, move it, look at the job, and leave without a trace", async () => {
  const signed_in = await uniview(["login", "--url", server.url, "--name", "ada", "--password-stdin"], {
    input: "correct horse battery\n",
  });
  expect(signed_in).toMatchObject({ exit_code: 0, err: "" });

  for (const site of [zed, epoxy]) {
    const file = join(home, `${site.name}.yaml`);
    await writeFile(file, site.clouds_yaml);
    const added = await uniview([
      "site",
      "add",
      site.name,
      "--cloud",
      site.name,
      "--os-cloud-file",
      file,
      "--json",
    ]);
    expect(added.json()).toMatchObject({ name: site.name, state: "fresh" });
  }
  expect((await uniview(["site", "list"])).out).toMatch(/epoxy +● fresh.*\nzed +● fresh/);

  const probed = await uniview(["site", "capabilities", "zed", "--probe"]);
  expect(probed).toMatchObject({ exit_code: 0, err: "" });
  expect(probed.out).toMatch(/compute +create a server on ports and volumes +✓ yes +attempt/);
  expect((await uniview(["site", "capabilities"])).out).toMatch(/^Service +To +epoxy +zed/);

  const list = await uniview(["server", "list", "site:zed", "--json"]);
  expect(list.exit_code).toBe(0);
  const { name, id } = list.json().items.find(({ status }: { status: string }) => status === "ACTIVE");

  const plan = await uniview(["migration", "plan", `zed/${name}`, "--to", "epoxy"]);
  expect(plan).toMatchObject({
    out: expect.stringContaining("Checks"),
    err: expect.stringContaining("It can start"),
  });
  const start = ["migration", "start", `zed/${name}`, "--to", "epoxy", "--wait", "--json"];
  const moved = await uniview(start);
  expect(moved.json()).toMatchObject({
    status: "succeeded",
    result: { server: { site: "epoxy", status: "ACTIVE" } },
  });
  expect(moved.exit_code).toBe(0);

  const { id: job_id, result } = moved.json();
  expect((await uniview(["job", "show", job_id])).out).toContain("✓ succeeded");
  expect((await uniview(["server", "show", result.server.id, "--json"])).json()).toMatchObject({
    name,
    site: "epoxy",
    status: "ACTIVE",
  });
  expect((await uniview(["server", "show", id, "--json"])).json()).toMatchObject({
    site: "zed",
    status: "SHUTOFF",
  });

  const stopped = await uniview(["server", "stop", `epoxy/${name}`, "--wait"]);
  expect(stopped).toMatchObject({ exit_code: 0, out: `epoxy/${name}  ○ SHUTOFF\n` });

  for (const site of ["zed", "epoxy"]) {
    const removed = await uniview(["site", "remove", site, "--yes", "--json"]);
    expect(removed.json()).toEqual({ name: site, left_behind: [] });
  }
});

test("a site that is down is said to be, and lists still have what is known of it", async () => {
  const file = join(home, "epoxy.yaml");
  await writeFile(file, epoxy.clouds_yaml);
  await uniview(["site", "add", "again", "--cloud", "epoxy", "--os-cloud-file", file]);
  const before = (await uniview(["network", "list", "--json"])).json().items;
  expect(before).not.toEqual([]);

  await epoxy.faults.down();
  const checked = await uniview(["site", "check", "again"]);
  expect(checked.exit_code).toBe(1);
  const list = await uniview(["network", "list"]);
  expect(list.exit_code).toBe(5);
  expect(list.out).toContain(before[0].name);
  expect(list.err).toMatch(/✗ unreachable {2}again, as of \d+s ago: /);

  const kept = await uniview(["site", "remove", "again", "--yes", "--json"]);
  expect(kept).toMatchObject({ exit_code: 1 });
  const forced = await uniview(["site", "remove", "again", "--yes", "--force"]);
  expect(forced.exit_code).toBe(0);
  expect(forced.out).toContain("Still there, for you to delete:");
});
