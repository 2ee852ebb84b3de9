import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Problem } from "@uniview/api";
import type { TransferFigures, TransferSpecInput } from "@uniview/api/mover";
import { checksumsOf, type ImageSite, makeImage, startImageSite } from "@uniview/mover/testing";
import { afterEach, expect, test } from "vitest";
import { createTransfers } from "./create-transfers.ts";

const MIB = 1_048_576;
const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function start(image: Buffer) {
  const data_dir = await mkdtemp(join(tmpdir(), "transfers-"));
  const site = await startImageSite(image);
  const transfers = createTransfers({ data_dir });
  closing.push(() => rm(data_dir, { recursive: true, force: true }));
  closing.push(() => site.close());
  closing.push(() => transfers.close());
  return { data_dir, site, transfers };
}

function specOf(site: ImageSite, token?: string): TransferSpecInput {
  const headers = token === undefined ? {} : { "x-auth-token": token };
  return {
    source: { url: site.source_url, headers },
    target: { url: site.target_url, headers },
    size_bytes: null,
  };
}

const noRenewal = async (): Promise<never> => {
  throw new Error("no new token was expected to be asked for");
};

test("a mover killed in the middle is started again, and nothing that it had is read twice", async () => {
  const image = makeImage(12 * MIB + 5, [3]);
  const { site, transfers } = await start(image);
  site.source.hold_at = 9 * MIB;
  let killed: number | undefined;
  const outcome = await transfers.run(specOf(site), {
    id: "job-1",
    renewHeaders: noRenewal,
    on_progress: ({ bytes_spooled }) => {
      if (killed !== undefined || bytes_spooled < 8 * MIB) return;
      killed = transfers.mover.pid;
      if (killed !== undefined) process.kill(killed, "SIGKILL");
      site.source.hold_at = Number.POSITIVE_INFINITY;
      site.release();
    },
  });
  expect(killed).not.toBe(transfers.mover.pid);
  expect(outcome).toEqual({ bytes_total: image.length, zero_bytes: MIB, checksums: checksumsOf(image) });
  expect(site.uploads.at(-1)?.bytes.equals(image)).toBe(true);
  expect(site.served.at(-1)?.range).toMatch(/^bytes=(8388608|9437184)-$/);
  expect(site.served.at(-1)?.bytes).toBeLessThanOrEqual(4 * MIB + 5);
});

test("tokens that expire on both sides are renewed", async () => {
  const image = makeImage(2 * MIB);
  const { site, transfers } = await start(image);
  site.source.token = "new";
  site.target.token = "new";
  const renewed: string[] = [];
  const outcome = await transfers.run(specOf(site, "old"), {
    id: "job-2",
    renewHeaders: async (side) => {
      renewed.push(side);
      return { "x-auth-token": "new" };
    },
  });
  expect(outcome.checksums).toEqual(checksumsOf(image));
  expect(renewed).toEqual(["source", "target"]);
});

test("a side that takes no token at all is a sign-in problem, not an endless loop", async () => {
  const { site, transfers } = await start(makeImage(MIB));
  site.target.token = "another";
  const run = transfers.run(specOf(site, "old"), {
    id: "job-3",
    renewHeaders: async () => ({ "x-auth-token": "bad" }),
  });
  await expect(run).rejects.toMatchObject({ slug: "site-sign-in-failed", retryable: false });
});

test("an outage that lasts is a retryable problem, and the next run goes on from the spool", async () => {
  const image = makeImage(3 * MIB);
  const { site, transfers } = await start(image);
  site.target.refuse = Array.from({ length: 7 }, () => 503);
  const sites = { source: "old", target: "new" };
  const run = () => transfers.run(specOf(site), { id: "job-4", sites, renewHeaders: noRenewal });
  const problem = await run().catch((error: unknown) => error);
  expect(problem).toBeInstanceOf(Problem);
  expect(problem).toMatchObject({
    slug: "site-busy",
    retryable: true,
    extras: { site: "new", remedy: expect.any(String) },
  });
  expect((await run()).checksums).toEqual(checksumsOf(image));
  expect(site.served).toEqual([{ range: undefined, bytes: image.length }]);
});

test("an upload whose answer got lost is found complete, and only summed", async () => {
  const image = makeImage(2 * MIB);
  const { site, transfers } = await start(image);
  site.target.refuse = [409];
  const outcome = await transfers.run(specOf(site), {
    id: "job-5",
    renewHeaders: noRenewal,
    lookAtTarget: async () => "complete",
  });
  expect(outcome.checksums).toEqual(checksumsOf(image));
  expect(site.uploads).toEqual([]);
});

test("an aborted run keeps what it has; a dropped one leaves nothing", async () => {
  const image = makeImage(6 * MIB);
  const { data_dir, site, transfers } = await start(image);
  site.source.hold_at = 4 * MIB;
  const abort = new AbortController();
  const on_progress = ({ bytes_spooled }: TransferFigures) => {
    if (bytes_spooled >= 3 * MIB) abort.abort(new Error("enough"));
  };
  const run = transfers.run(specOf(site), {
    id: "job-6",
    renewHeaders: noRenewal,
    signal: abort.signal,
    on_progress,
  });
  await expect(run).rejects.toThrow("enough");
  expect(await readdir(join(data_dir, "mover", "spool", "job-6"))).toContain("data");
  await transfers.drop("job-6");
  expect(await readdir(join(data_dir, "mover", "spool"))).toEqual([]);
});

test("the mover's memory does not grow with the image", async () => {
  const peak = async (size_bytes: number): Promise<number> => {
    const { site, transfers } = await start(makeImage(size_bytes));
    await transfers.run(specOf(site), { id: "big", renewHeaders: noRenewal });
    return await peakMemoryKib(transfers.mover.pid);
  };
  const [small, big] = [await peak(8 * MIB), await peak(160 * MIB)];
  expect(big - small).toBeLessThan(96 * 1024);
});

/** The most that the process ever had in memory. */
async function peakMemoryKib(pid: number | undefined): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1]);
}
