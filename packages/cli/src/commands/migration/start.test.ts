import { expect, test } from "vitest";
import { type Answers, serveContract } from "../../testing/contract-server.ts";
import { runCli } from "../../testing/run-cli.ts";
import { JOB_ID, job, listOf, plan, server, site } from "../../testing/samples.ts";

const found: Answers = { listServers: () => listOf([server()]), getSite: () => site({ name: "epoxy" }) };

test("without a terminal a migration begins at once, with the mappings that were given", async () => {
  let asked: unknown;
  await using uniview = await serveContract({
    ...found,
    startMigration: ({ body }) => {
      asked = body;
      return job("queued");
    },
  });
  const words = [
    "--network",
    "demo-net=private",
    "--network",
    "other=b=c",
    "--flavor",
    "m1=small",
    "--to-project",
    "demo",
  ];
  const { exit_code, out, err } = await runCli(["migration", "start", "web-1", "--to", "epoxy", ...words], {
    url: uniview.url,
  });
  expect(asked).toMatchObject({
    server: { site: "zed", id: server().id },
    to: "epoxy",
    to_project_id: "p1",
    mappings: { networks: { "demo-net": "private", other: "b=c" }, flavors: { m1: "small" }, keypairs: {} },
    keep_source_running: false,
  });
  expect(out).toContain(JOB_ID);
  expect(err).toContain(`uniview job wait ${JOB_ID}`);
  expect(exit_code).toBe(0);
});

test("a waited migration prints the ended job, and its exit code tells how it ended", async () => {
  await using uniview = await serveContract({
    ...found,
    startMigration: () => job("queued"),
    getJob: () => job("undone"),
  });
  const { exit_code, out } = await runCli(
    ["migration", "start", "web-1", "--to", "epoxy", "--wait", "--json"],
    {
      url: uniview.url,
    },
  );
  expect(JSON.parse(out)).toMatchObject({ id: JOB_ID, status: "undone" });
  expect(exit_code).toBe(3);
});

test("a mapping without a target is a usage error that shows how to write one", async () => {
  const { exit_code, err } = await runCli([
    "migration",
    "start",
    "web-1",
    "--to",
    "epoxy",
    "--network",
    "demo-net",
  ]);
  expect(err).toContain('"demo-net" is not a mapping.');
  expect(exit_code).toBe(2);
});

test("a plan that cannot start exits with 1", async () => {
  await using uniview = await serveContract({ ...found, planMigration: () => plan({ can_start: false }) });
  const { exit_code, out } = await runCli(["migration", "plan", "web-1", "--to", "epoxy"], {
    url: uniview.url,
  });
  expect(out).toContain("Mappings");
  expect(exit_code).toBe(1);
});
