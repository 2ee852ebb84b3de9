import { execFile } from "node:child_process";
import { linkSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { type Contender, type Ground, spaceOf } from "./contender.ts";
import { measure, versionOf } from "./measured.ts";

const run = promisify(execFile);
const here = (file: string) => fileURLToPath(new URL(file, import.meta.url));

/** With its defaults, as people use it. */
export const restic: Contender = {
  name: "restic",
  present: () => versionOf("restic", "version"),
  async take({ ground, scratch, wants, tell }) {
    const env = {
      RESTIC_PASSWORD: "bench",
      RESTIC_REPOSITORY: join(scratch, "repository"),
      RESTIC_CACHE_DIR: join(scratch, "cache"),
    };
    const disk = join(scratch, "disk.raw");
    const restic = (...args: string[]) => measure(scratch, { command: ["restic", "--quiet", ...args], env });
    await restic("init");
    linkSync(ground.first, disk);
    const full = await restic("backup", disk);
    tell("full", { ...full, stored_mib: await spaceOf(env.RESTIC_REPOSITORY) });
    if (wants("force")) tell("force", await restic("backup", "--force", disk));
    if (!wants("incremental") && !wants("restore")) return;
    rmSync(disk);
    linkSync(ground.changed, disk);
    const incremental = await restic("backup", disk);
    tell("incremental", { ...incremental, stored_mib: await spaceOf(env.RESTIC_REPOSITORY) });
    if (wants("restore"))
      tell("restore", await restic("restore", "latest", "--target", join(scratch, "restored")));
  },
};

/** With fixed chunks and the fastest zstd: the strongest peer on one core. */
export const borg: Contender = {
  name: "borg",
  present: () => versionOf("borg"),
  async take({ ground, scratch, tell }) {
    const env = { BORG_BASE_DIR: join(scratch, "base"), BORG_PASSPHRASE: "bench" };
    const repository = join(scratch, "repository");
    const how = ["--compression", "zstd,1", "--chunker-params", "fixed,4194304"];
    await measure(scratch, { command: ["borg", "init", "--encryption", "repokey", repository], env });
    const full = await measure(scratch, {
      command: ["borg", "create", ...how, `${repository}::full`, ground.first],
      env,
    });
    tell("full", { ...full, stored_mib: await spaceOf(repository) });
  },
};

/** A plain copy by the fastest tool for it: no decryption, no decompression, no check. */
export const qemuImg: Contender = {
  name: "qemu-img",
  present: () => versionOf("qemu-img"),
  async take({ ground, scratch, tell }) {
    const how = ["convert", "-W", "-m", "16", "-f", "raw", "-O", "raw"];
    const command = ["qemu-img", ...how, ground.changed, join(scratch, "copy.raw")];
    tell("convert", await measure(scratch, { command }));
  },
};

/** The steps of a backup in C. */
export const nativeLimit: Contender = {
  name: "native",
  async present(ground) {
    const libraries = ["-lcrypto", "-lzstd", "-lpthread"];
    const program = programIn(ground);
    const compiled = run("gcc", ["-O2", "-o", program, here("native-limit.c"), ...libraries]);
    return compiled.then(
      () => versionOf("gcc"),
      () => undefined, // no compiler, or no headers of OpenSSL and zstd
    );
  },
  async take({ ground, scratch, wants, tell }) {
    const folder = join(scratch, "packs");
    if (wants("full"))
      tell("full", await measure(scratch, { command: [programIn(ground), "full", ground.first, folder] }));
    if (wants("scan"))
      tell("scan", await measure(scratch, { command: [programIn(ground), "scan", ground.first] }));
  },
};

const programIn = ({ folder }: Ground) => join(folder, "native-limit");

/** What Cinder's chunked drivers do. */
export const cinder: Contender = {
  name: "cinder",
  present: () => versionOf("python3"),
  async take({ ground, scratch, tell }) {
    const command = ["python3", here("cinder-chunked.py"), ground.first, join(scratch, "container")];
    tell("full", await measure(scratch, { command }));
  },
};
