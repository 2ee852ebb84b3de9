import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type DiskSource,
  initRepository,
  localFolder,
  openRepository,
  parseKeyFile,
  writePoint,
} from "@uniview/repository";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { runCli } from "../testing/run-cli.ts";

const CHUNK = 4096;
let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "uniview-rescue-"));
});
afterEach(() => rm(home, { recursive: true, force: true }));

const ENVIRONMENT = { UNIVIEW_REPOSITORY: "backups", UNIVIEW_KEY_FILE: "key", UNIVIEW_THREADS: "0" };

/** Runs a verb as somebody who has nothing but the storage and the key: no server, nobody signed in. */
const repository = (...words: string[]) =>
  runCli(["repository", ...words], {
    home,
    env: ENVIRONMENT,
  });

const json = async (...words: string[]) => {
  const ran = await repository(...words, "--json");
  expect(ran.err).toBe("");
  return JSON.parse(ran.out);
};

const sourceOf = (disk: Buffer): DiskSource => ({
  size_bytes: disk.length,
  async read(into, offset) {
    disk.copy(into, 0, offset);
  },
});

/** A repository as Uniview leaves it: chunks so small that a test has many. */
async function backUp(folder: string, ...disks: Record<string, Buffer>[]): Promise<string[]> {
  await repository("init", "--repository", folder);
  const storage = localFolder(join(home, folder), { durable: false });
  await storage.delete("config");
  await initRepository(storage, { chunk_bytes: CHUNK, segment_chunks: 8 });
  const key = parseKeyFile(await readFile(join(home, "key"), "utf8"));
  const opened = await openRepository(storage, key, { threads: 0, pack_bytes: 8 * CHUNK });
  await opened.addTenant("acme");
  const vault = await opened.openTenant("acme");
  const ids: string[] = [];
  for (const [index, each] of disks.entries()) {
    const { point } = await writePoint(vault, {
      disks: Object.entries(each).map(([name, bytes]) => ({ name, source: sourceOf(bytes) })),
      labels: { server: "web-1" },
      description: { flavor: "m1.small" },
      taken_at: `2026-01-0${index + 1}T00:00:00.000Z`,
    });
    ids.push(point.id);
  }
  return ids;
}

const aDisk = () =>
  Buffer.concat([randomBytes(20 * CHUNK), Buffer.alloc(30 * CHUNK), randomBytes(9 * CHUNK + 7)]);

describe("from the storage and the key alone", () => {
  test("Uniview's database is gone, the indexes are, too: every disk is restored, and nothing is changed", async () => {
    const disk = aDisk();
    const [id] = await backUp("backups", { vda: disk, vdb: Buffer.alloc(CHUNK, 7) });
    await rm(join(home, "backups", "tenants", "acme", "indexes"), { recursive: true });
    const before = await readdir(join(home, "backups"), { recursive: true });

    const { items } = await json("points");
    expect(items).toMatchObject([{ id, tenant: "acme", description: { flavor: "m1.small" } }]);
    const restored = await repository("restore", "latest", "--disk", "vda", "--to", "vda.raw");
    expect(restored.err).toContain("reading them out of the packs");
    expect(restored.out).toContain("every chunk verified");
    expect((await readFile(join(home, "vda.raw"))).equals(disk)).toBe(true);
    expect((await stat(join(home, "vda.raw"))).blocks * 512).toBeLessThan(disk.length - 20 * CHUNK);
    await repository(
      "restore",
      `${id}`.slice(0, 6),
      "--disk",
      "1",
      "--to",
      "vdb.qcow2",
      "--format",
      "qcow2",
      "--verify",
    );
    expect((await readFile(join(home, "vdb.qcow2"))).subarray(0, 4).toString("latin1")).toBe("QFI\xfb");
    expect(await readdir(join(home, "backups"), { recursive: true })).toEqual(before);

    const unindexed = await repository("check");
    expect(unindexed.err).toContain("run `uniview repository rebuild`");
    expect(unindexed.exit_code).toBe(4);
    expect((await repository("rebuild")).exit_code).toBe(0);
    expect(await json("check")).toMatchObject({ tenants: [{ tenant: "acme", points: 1, problems: [] }] });
    const again = await repository("restore", "latest", "--disk", "vda", "--to", "again.raw");
    expect(again.err).toBe("");
  });

  test("a key that was lost and one of another repository open nothing, and say so", async () => {
    await backUp("backups", { vda: aDisk() });
    const lost = await repository("points", "--key-file", "none");
    expect(lost.err).toContain(`There is no key file ${home}/none.`);
    await repository("init", "--repository", "other", "--key-file", "other-key");
    const wrong = await repository("points", "--key-file", "other-key");
    expect(wrong.err).toContain("opens nothing of tenant acme: give key");
    expect(wrong.err).toContain("Name the file of that key with --key-file.");
    await writeFile(join(home, "prose"), "dear diary");
    const prose = await repository("points", "--key-file", "prose");
    expect(prose.err).toContain("is no key file of a repository");
    expect(prose.err).not.toContain("diary");
    expect([lost.exit_code, wrong.exit_code, prose.exit_code]).toEqual([1, 1, 1]);
  });

  test("a key that others may read is used, with a warning", async () => {
    await backUp("backups", { vda: aDisk() });
    await chmod(join(home, "key"), 0o644);
    const { err, exit_code } = await repository("points");
    expect(err).toContain(`run chmod 600 ${home}/key`);
    expect(exit_code).toBe(0);
  });

  test("what is damaged is named with the disks that it concerns, and the rest is restored", async () => {
    const whole = aDisk();
    const [first, second] = await backUp("backups", { vda: aDisk() }, { vda: whole });
    const folder = join(home, "backups", "tenants", "acme", "packs");
    const packs = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((each) =>
      each.isFile(),
    );
    const ages = await Promise.all(
      packs.map(async ({ parentPath, name }) => {
        const path = join(parentPath, name);
        return { path, at: (await stat(path)).mtimeMs };
      }),
    );
    const oldest = ages.toSorted((a, b) => a.at - b.at)[0]?.path ?? "";
    const bytes = await readFile(oldest);
    bytes.writeUInt8(bytes.readUInt8(1000) ^ 1, 1000);
    await writeFile(oldest, bytes);

    const checked = await repository("check");
    expect(checked.exit_code).toBe(4);
    expect(checked.out).toMatch(/✗ acme: 2 recovery points, \d+ packs, .* read: 1 problem\./);
    expect(checked.out).toContain(`concerns ${first}/vda`);
    const lost = await repository("restore", `${first}`, "--to", "lost.raw");
    expect(lost.err).toContain("is damaged");
    expect(lost.err).toContain("uniview repository check");
    expect(lost.exit_code).toBe(1);
    await repository("restore", `${second}`, "--to", "whole.raw");
    expect((await readFile(join(home, "whole.raw"))).equals(whole)).toBe(true);
    expect((await readdir(home)).filter((name) => name.includes("lost"))).toEqual([]);
  });
});

test("a file is found in a disk and restored, with no mount and no server", async () => {
  const tree = join(home, "tree");
  await mkdir(join(tree, "etc"), { recursive: true });
  await writeFile(join(tree, "etc", "hosts"), "127.0.0.1 localhost\n");
  const image = join(home, "ext4");
  execFileSync("/usr/sbin/mkfs.ext4", ["-q", "-d", tree, image, "8M"]);
  await backUp("backups", { vda: await readFile(image) });
  const scratch = ["--scratch-dir", "."];
  const listed = await json("files", "latest", "/etc", ...scratch);
  expect(listed).toMatchObject({ part: "disk", items: [{ name: "hosts", kind: "file", size_bytes: 20 }] });
  expect((await repository("files", "latest", ...scratch)).out).toMatch(/^etc\/ /m);
  const restored = await repository("files", "latest", "/etc", "--to", "etc", ...scratch);
  expect(restored.out).toContain("1 file restored, 20 B.");
  expect(await readFile(join(home, "etc", "hosts"), "utf8")).toBe("127.0.0.1 localhost\n");
  const none = await repository("files", "latest", "/etc/none", ...scratch);
  expect(none.err).toContain("There is no /etc/none on disk.");
  expect(none.exit_code).toBe(1);
});

describe("a repository by the command line", () => {
  test("init makes the key, readable by its owner only, and never a second repository over the first", async () => {
    const made = await repository("init", "--tenant", "acme");
    expect(made.out).toContain(`${home}/backups is a repository.`);
    expect(made.err).toContain("Keep a copy of the key file");
    expect((await stat(join(home, "key"))).mode & 0o777).toBe(0o600);
    const key = await readFile(join(home, "key"), "utf8");
    const again = await repository("init");
    expect(again.err).toContain(`There is a repository at ${home}/backups already.`);
    expect(await readFile(join(home, "key"), "utf8")).toBe(key);
    expect(made.out + made.err).not.toContain(key.trim().slice(-64));
    expect(await json("stats")).toMatchObject({ tenants: [{ tenant: "acme", points: 0, ratio: null }] });
  });

  test("stats counts disks every time, chunks once", async () => {
    const disk = aDisk();
    await backUp("backups", { vda: disk }, { vda: disk });
    const { tenants } = await json("stats");
    expect(tenants).toMatchObject([
      { points: 2, disks: 2, disk_bytes: 2 * disk.length, unique_bytes: 29 * CHUNK + 7 },
    ]);
    expect(tenants[0].ratio).toBeGreaterThan(1.8);
    const { out } = await repository("stats");
    expect(out).toContain("1 byte stored for");
  });

  test("forget and gc free what only the forgotten one needed, after a dry run that says so", async () => {
    const kept = aDisk();
    const [first] = await backUp("backups", { vda: aDisk() }, { vda: kept });
    await repository("forget", `${first}`);
    const dry = await json("gc", "--dry-run");
    expect(dry.tenants[0].doomed_bytes).toBeGreaterThan(25 * CHUNK);
    const dry_again = await repository("gc", "--read-only");
    expect(dry_again.out).toMatch(/^acme: \d+ of \d+ packs would be deleted/);
    const { out } = await repository("gc");
    expect(out).toMatch(/✓ acme: \d+ packs deleted, .* freed\./);
    expect((await repository("check", "--sample", "100")).exit_code).toBe(0);
    await repository("restore", "latest", "--to", "kept.raw");
    expect((await readFile(join(home, "kept.raw"))).equals(kept)).toBe(true);
  });

  test("another key opens the repository after a rotation, and the old one nothing", async () => {
    await backUp("backups", { vda: aDisk() });
    const { out } = await repository("rotate-key", "--to-key-file", "new");
    expect(out).toMatch(/Key [0-9a-f]{16}, in .*\/new, opens the repository now/);
    expect((await repository("points")).err).toContain("opens nothing of tenant acme");
    expect((await repository("check", "--key-file", "new")).out).toContain("all as it was put");
  });

  test("copy brings what the other one lacks, once", async () => {
    const disk = aDisk();
    await backUp("backups", { vda: disk });
    await backUp("far");
    const to = ["--to", "far"];
    expect((await repository("copy", ...to, "--point", "latest")).out).toContain("1 recovery point copied");
    expect((await repository("copy", ...to)).out).toContain("has every recovery point already");
    await repository("restore", "latest", "--repository", "far", "--to", "copy.raw");
    expect((await readFile(join(home, "copy.raw"))).equals(disk)).toBe(true);
  });

  test.each([
    [["points", "--repository", "nowhere"], 1, "There is no repository at"],
    [
      ["points", "--repository", "s3://me:hunter2@bucket"],
      1,
      "holds credentials: put them into AWS_ACCESS_KEY_ID",
    ],
    [["points", "--repository", "s3://bucket"], 1, "set AWS_ACCESS_KEY_ID"],
    [["points", "--repository", "swift://c", "--cloud", "zed"], 1, "There is no clouds.yaml"],
    [["points", "--tenant", "nobody"], 1, "has no tenant nobody"],
    [["restore", "none", "--to", "x"], 1, 'There is no recovery point "none".'],
    [["restore", "latest", "--to", "x"], 2, "Give --disk with one of them: vda (16 KiB), vdb (4 KiB)."],
    [["restore", "latest", "--to", "key", "--disk", "vda"], 2, "is there already"],
    [["restore", "latest", "--to", "no/folder", "--disk", "vda"], 1, "no/folder"],
    [["gc", "--sample", "10"], 2, "unknown option"],
    [["check", "--sample", "0"], 2, "percentage"],
    [["check", "--sample", "10", "--all"], 2, "not both"],
    [["rebuild", "--read-only"], 2, "--read-only forbids it"],
  ])("%j says what is wrong and what to do", async (words, code, said) => {
    await backUp("backups", { vda: Buffer.alloc(4 * CHUNK, 1), vdb: Buffer.alloc(CHUNK) });
    const { err, exit_code } = await repository(...words);
    expect(err).toContain(said);
    expect(err).not.toContain("fault of the program");
    expect(err).not.toContain("hunter2");
    expect(exit_code).toBe(code);
  });

  test("without a place or a key the command line is not right", async () => {
    const { err, exit_code } = await runCli(["repository", "points"], { home });
    expect(err).toContain("Give --repository URL, or set UNIVIEW_REPOSITORY");
    expect(exit_code).toBe(2);
  });

  test("Ctrl-C leaves no half of a disk", async () => {
    await backUp("backups", { vda: aDisk() });
    const { exit_code } = await runCli(["repository", "restore", "latest", "--to", "x.raw"], {
      home,
      env: ENVIRONMENT,
      signal: AbortSignal.abort(),
    });
    expect(exit_code).toBe(130);
    expect((await readdir(home)).toSorted()).toEqual(["backups", "key"]);
  });
});
