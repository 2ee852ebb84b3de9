import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";

/** Debian's Python, for Debian's openstacksdk. */
const PYTHON = "/usr/bin/python3";

export interface PeerCost {
  readonly servers: number;
  readonly wall_s: number;
  readonly cpu_s: number;
}

/** Lists the servers of these sites by a loop of openstacksdk, one after the other as people write it. */
export async function runPeer(auth_urls: readonly string[]): Promise<PeerCost> {
  const script = join(import.meta.dirname, "sdk-loop.py");
  try {
    const { stdout } = await promisify(execFile)(PYTHON, [script, ...auth_urls]);
    return JSON.parse(stdout);
  } catch (cause) {
    throw new Error(
      `The peer could not be run; it needs ${PYTHON} with openstacksdk (Debian: apt-get install python3-openstacksdk).`,
      { cause },
    );
  }
}
