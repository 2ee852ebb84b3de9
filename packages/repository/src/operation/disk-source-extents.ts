import { spawn } from "node:child_process";
import { once } from "node:events";
import { resolve } from "node:path";
import { createInterface } from "node:readline";
import type { Extent } from "./disk-source.ts";

/** What `qemu-img map` says of one extent, one line of its JSON each. */
interface Mapped {
  readonly start: number;
  readonly length: number;
  readonly zero: boolean;
  readonly data: boolean;
}

const EVERYTHING: Extent = { offset_bytes: 0, length_bytes: Number.MAX_SAFE_INTEGER };

/**
 * Where a file may have anything but zeros, as its filesystem (raw) or its tables (qcow2) say: Node has no SEEK_HOLE, `qemu-img map` has.
 * Where there is no qemu-img everything counts as data. Can be walked more than once; memory is that of one extent.
 *
 * @param size_bytes what the disk must have: of one that became shorter the end would be taken for a hole
 */
export function fileExtents(
  path: string,
  format: "raw" | "qcow2" = "raw",
  size_bytes = 0,
): AsyncIterable<Extent> {
  return { [Symbol.asyncIterator]: () => mapFile(path, format, size_bytes) };
}

async function* mapFile(path: string, format: string, size_bytes: number): AsyncGenerator<Extent> {
  let end = 0;
  // An absolute path is never taken for a protocol ("nbd:…").
  const args = ["map", "--output=json", "-f", format, resolve(path)];
  const child = spawn("qemu-img", args, { stdio: ["ignore", "pipe", "pipe"] });
  const started = once(child, "spawn").then(
    () => true,
    () => false,
  );
  if (!(await started)) return yield EVERYTHING;
  const closed = once(child, "close");
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    said += text;
  });
  try {
    for await (const line of createInterface({ input: child.stdout })) {
      const json = line.replace(/^\[/, "").replace(/[\],]$/, "");
      if (json.trim() === "") continue;
      const { start, length, zero, data } = JSON.parse(json) as Mapped;
      end = start + length;
      if (data && !zero) yield { offset_bytes: start, length_bytes: length };
    }
    const [code] = await closed;
    if (code !== 0) throw new Error(`qemu-img could not map ${path}: ${said.trim()}`);
    if (end < size_bytes) throw new Error(`${path} has ${end} bytes now, of ${size_bytes} before`);
  } finally {
    child.kill(); // whoever wants no more
  }
}
