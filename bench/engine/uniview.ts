import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { rmSync, truncateSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { engineEnvironment } from "@uniview/repository";
import { type Contender, spaceOf, type Turn } from "./contender.ts";
import { SPARSE_BYTES } from "./disks.ts";
import type { Run } from "./figures.ts";
import { measure } from "./measured.ts";

const PROCESS = fileURLToPath(new URL("engine-process.ts", import.meta.url));
const ROOT = fileURLToPath(new URL("../..", import.meta.url));

const VAST_BYTES = 2e12;

/** The engine, as a mover runs it: one process an operation. */
export function uniview(hash: "sha256" | "blake3"): Contender {
  const name = hash === "sha256" ? "uniview" : `uniview-${hash}`;
  const env = {
    ...engineEnvironment(join(ROOT, ".cache", "compiled")),
    BENCH_KEY: `uniview-repository-key-1:${randomBytes(32).toString("hex")}`,
    BENCH_HASH: hash,
  };
  const engine = (...args: string[]) => ({ command: [process.execPath, PROCESS, ...args], env });

  async function take({ ground, scratch, wants, tell }: Turn): Promise<void> {
    const repository = join(scratch, "repository");
    const restored = join(scratch, "restored.raw");
    await measure(scratch, engine("init", repository));
    const full = await measure(scratch, engine("write", repository, ground.first));
    tell("full", { ...full, stored_mib: await spaceOf(repository) });
    if (wants("rescan")) tell("rescan", await measure(scratch, engine("write", repository, ground.first)));
    if (wants("incremental") || wants("restore")) {
      const incremental = await measure(scratch, engine("write", repository, ground.changed));
      tell("incremental", { ...incremental, stored_mib: await spaceOf(repository) });
    }
    if (wants("restore")) {
      tell("restore", await measure(scratch, engine("restore", repository, restored)));
      await promisify(execFile)("cmp", [ground.changed, restored]);
      rmSync(restored);
    }
    if (wants("sparse")) tell("sparse", await writeAlone(ground.sparse));
    if (wants("vast")) {
      truncateSync(ground.sparse, VAST_BYTES); // one more hole
      tell("vast", await writeAlone(ground.sparse));
      truncateSync(ground.sparse, SPARSE_BYTES);
    }

    async function writeAlone(disk: string): Promise<Run> {
      const other = join(scratch, "other");
      await measure(scratch, engine("init", other));
      const run = await measure(scratch, engine("write", other, disk));
      rmSync(other, { recursive: true });
      return run;
    }
  }
  return { name, present: async () => `Node ${process.version}, ${hash}`, take };
}
