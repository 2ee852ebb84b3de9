import { open } from "node:fs/promises";
import { TransferFailure } from "../failure.ts";

const MAGIC = 0x514649fb;
const HEADER_BYTES = 104;
/** Incompatible feature, bit 2: the data is in another file. */
const EXTERNAL_DATA = 4n;

/**
 * Refuses a qcow2 file that names another file: whoever made it could read any file of the mover's machine by it.
 * @see https://gitlab.com/qemu-project/qemu/-/blob/v7.2.0/docs/interop/qcow2.txt
 */
export async function checkQcow2(path: string, kind: "source" | "target"): Promise<void> {
  const header = Buffer.alloc(HEADER_BYTES);
  await using file = await open(path, "r");
  await file.read(header, 0, HEADER_BYTES, 0);
  const refused = (why: string) => new TransferFailure(kind, "invalid-input", `${path} ${why}.`);
  if (header.readUInt32BE(0) !== MAGIC) throw refused("is no qcow2 file");
  if (header.readBigUInt64BE(8) !== 0n)
    throw refused("has a backing file; make it one file by `qemu-img convert`");
  const version = header.readUInt32BE(4);
  if (version >= 3 && (header.readBigUInt64BE(72) & EXTERNAL_DATA) !== 0n)
    throw refused("keeps its data in another file; make it one file by `qemu-img convert`");
}
