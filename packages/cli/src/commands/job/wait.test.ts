import { createServer } from "node:net";
import type { JobDetail, JobStatus } from "@uniview/api";
import { expect, test } from "vitest";
import { serveContract } from "../../testing/contract-server.ts";
import { runCli } from "../../testing/run-cli.ts";
import { JOB_ID, job, step } from "../../testing/samples.ts";

test.each([
  ["succeeded", 0],
  ["undone", 3],
  ["cancelled", 3],
  ["stuck", 4],
] as [JobStatus, number][])("a waited job that is %s exits with %d", async (status, code) => {
  await using uniview = await serveContract({ getJob: () => job(status) });
  const { exit_code, out } = await runCli(["job", "wait", JOB_ID, "--json"], { url: uniview.url });
  expect(JSON.parse(out)).toMatchObject({ id: JOB_ID, status });
  expect(exit_code).toBe(code);
});

test("a wait goes on until a change tells of the end, and says each step once", async () => {
  let now: JobDetail = job("running", { steps: [step()] });
  await using uniview = await serveContract({ getJob: () => now });
  const begun = Promise.withResolvers<void>();
  const waiting = runCli(["job", "wait", JOB_ID], { url: uniview.url, on_note: () => begun.resolve() });
  await Promise.all([uniview.heard, begun.promise]);
  now = job("succeeded", { steps: [step({ status: "succeeded" })] });
  uniview.tell({ type: "job", id: JOB_ID });
  const { exit_code, out, err } = await waiting;
  expect(err).toBe("Copy the root disk: running\nCopy the root disk: succeeded\n");
  expect(out).toBe("✓ succeeded  Migrate web-1 from zed to epoxy after 1m 15s\n");
  expect(exit_code).toBe(0);
});

test("Ctrl-C ends the wait, not the job, and says how to look at it", async () => {
  await using uniview = await serveContract({ getJob: () => job("running") });
  const interrupt = new AbortController();
  const waiting = runCli(["job", "wait", JOB_ID], { url: uniview.url, signal: interrupt.signal });
  await uniview.heard;
  interrupt.abort();
  const { exit_code, err } = await waiting;
  expect(err).toContain(`The job goes on. Look at it: uniview job show ${JOB_ID}`);
  expect(exit_code).toBe(130);
  expect(uniview.calls.some((call) => call.startsWith("POST"))).toBe(false);
});

test("a wait outlives a restart of Uniview", async () => {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const silent = Promise.withResolvers<void>();
  const waiting = runCli(["job", "wait", JOB_ID], {
    url,
    on_note: (text) => text.includes("does not answer") && silent.resolve(),
  });
  await silent.promise;
  await using _uniview = await serveContract({ getJob: () => job("succeeded") }, port);
  const { exit_code, err } = await waiting;
  expect(err).toContain("The job goes on; asking again.");
  expect(exit_code).toBe(0);
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (typeof address !== "object" || address === null) throw new Error("no port");
  return address.port;
}
