import { execFile } from "node:child_process";
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Run } from "./figures.ts";

/** Where a bench takes place, all of it in memory. */
export interface Ground {
  readonly folder: string;
  /** 40 % free, the rest files. */
  readonly first: string;
  /** The first one with 2 % of its blocks changed. */
  readonly changed: string;
  /** The first one's contents on 1 TiB. */
  readonly sparse: string;
}

/** One turn of a contender: says of each operation what it took. */
export interface Turn {
  readonly ground: Ground;
  /** Its own folder, gone after the turn. */
  readonly scratch: string;
  /** Whether some bar asks for an operation. What others need is done anyway. */
  wants(operation: string): boolean;
  tell(operation: string, run: Run): void;
}

export interface Contender {
  readonly name: string;
  /** What takes part, with its version; undefined when it is not installed. */
  present(ground: Ground): Promise<string | undefined>;
  take(turn: Turn): Promise<void>;
}

/** Runs a turn in a folder of its own. */
export async function takeTurn(contender: Contender, turn: Omit<Turn, "scratch">): Promise<void> {
  const scratch = join(turn.ground.folder, contender.name);
  mkdirSync(scratch);
  try {
    await contender.take({ ...turn, scratch });
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** What files take in memory or on disk, holes left out. */
export async function spaceOf(path: string): Promise<number> {
  const { stdout } = await promisify(execFile)("du", ["-sk", path]);
  return Number.parseInt(stdout, 10) / 1024;
}
