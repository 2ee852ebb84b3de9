import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { engineEnvironment } from "@uniview/repository";
import type { Contender, Ground } from "./contender.ts";
import { measure } from "./measured.ts";

const here = (file: string) => fileURLToPath(new URL(file, import.meta.url));
const wireIn = ({ folder }: Ground) => join(folder, "delayed-wire");

/** A disk to a mover at another site, 20 ms away, in a process that says itself how long the sending took. */
export const stream: Contender = {
  name: "stream",
  async present(ground) {
    const compiled = promisify(execFile)("gcc", [
      "-O2",
      "-o",
      wireIn(ground),
      here("delayed-wire.c"),
      "-lpthread",
    ]);
    return compiled.then(
      () => "mover to mover, TLS 1.3, 20 ms away",
      () => undefined, // no compiler
    );
  },
  async take({ ground, scratch, tell }) {
    const command = [process.execPath, here("stream-main.ts"), ground.first, scratch, wireIn(ground)];
    const run = await measure(scratch, { command, env: engineEnvironment() });
    const said = readFileSync(join(scratch, "output.txt"), "utf8").trim().split("\n").at(-1) ?? "";
    const { wall_s } = JSON.parse(said) as { wall_s: number };
    tell("send", { ...run, wall_s });
  },
};
