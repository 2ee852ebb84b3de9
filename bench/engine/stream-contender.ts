import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { engineEnvironment } from "@uniview/repository";
import type { Contender } from "./contender.ts";
import { measure } from "./measured.ts";

const STREAM = fileURLToPath(new URL("stream.ts", import.meta.url));

/** A disk to a mover at another site, 20 ms away, in a process that says itself how long the sending took. */
export const stream: Contender = {
  name: "stream",
  present: async () => (existsSync(STREAM) ? "mover to mover, TLS 1.3, 20 ms away" : undefined),
  async take({ ground, scratch, tell }) {
    const command = [process.execPath, STREAM, ground.first, scratch];
    const run = await measure(scratch, { command, env: engineEnvironment() });
    const said = readFileSync(join(scratch, "output.txt"), "utf8").trim().split("\n").at(-1) ?? "";
    const { wall_s } = JSON.parse(said) as { wall_s: number };
    tell("send", { ...run, wall_s });
  },
};
