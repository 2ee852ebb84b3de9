import { execFile } from "node:child_process";
import { promisify } from "node:util";

const MAX_OUTPUT_BYTES = 64 * 1024 * 1024;
const run = promisify(execFile);

/** A program of the distribution is not there, or says no. */
export class ToolFailed extends Error {
  override readonly name = "ToolFailed";
}

/** grub-fstest reads ext2/3/4, xfs, ntfs, btrfs, fat and more, partitions and LVM, without mounting: its own readers, as an ordinary user. */
export async function runGrub(
  image: string,
  args: readonly string[],
  signal: AbortSignal | undefined,
): Promise<string> {
  try {
    const { stdout } = await run("grub-fstest", [image, ...args], {
      maxBuffer: MAX_OUTPUT_BYTES,
      env: { PATH: process.env["PATH"], LC_ALL: "C" }, // its words are parsed
      ...(signal ? { signal } : {}),
    });
    return stdout;
  } catch (cause) {
    signal?.throwIfAborted();
    throw failure(cause);
  }
}

function failure(cause: unknown): ToolFailed {
  const code = cause instanceof Error && "code" in cause ? cause.code : undefined;
  if (code === "ENOENT")
    return new ToolFailed(
      "Files are read out of disks by grub-fstest, which is not installed (Debian: apt-get install grub-common).",
      { cause },
    );
  const said = cause instanceof Error && "stderr" in cause ? String(cause.stderr).trim() : String(cause);
  return new ToolFailed(`The disk's files cannot be read: ${said.replace(/^grub-fstest: error: /, "")}`, {
    cause,
  });
}
