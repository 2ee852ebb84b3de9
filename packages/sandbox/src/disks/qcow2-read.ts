import { type FileHandle, open } from "node:fs/promises";
import { constants, inflateRawSync } from "node:zlib";
import { isZero } from "./sparse-copy.ts";

const MAGIC = 0x514649fb;
const OFFSET_MASK = 0x00fffffffffffe00n;
const COMPRESSED = 1n << 62n;
const READS_AS_ZERO = 1n;
const SECTOR_BYTES = 512;

export interface Qcow2Header {
  virtual_bytes: number;
  cluster_bits: number;
  l1_entries: number;
  l1_offset: number;
}

/** A file that says it is a qcow2 and cannot be read as one. */
export class BadQcow2 extends Error {}

/** Undefined for a file that is no qcow2. */
export async function readQcow2Header(file: FileHandle): Promise<Qcow2Header | undefined> {
  const header = Buffer.alloc(104);
  const { bytesRead } = await file.read(header, 0, header.length, 0);
  if (bytesRead < 72 || header.readUInt32BE(0) !== MAGIC) return undefined;
  const version = header.readUInt32BE(4);
  const cluster_bits = header.readUInt32BE(20);
  if (version !== 2 && version !== 3) throw new BadQcow2(`qcow2 version ${version} is not supported`);
  if (cluster_bits < 9 || cluster_bits > 21)
    throw new BadQcow2(`qcow2 clusters of 2^${cluster_bits} bytes are not valid`);
  if (header.readBigUInt64BE(8) !== 0n) throw new BadQcow2("a qcow2 with a backing file is not accepted");
  if (header.readUInt32BE(32) !== 0) throw new BadQcow2("an encrypted qcow2 is not accepted");
  const incompatible = version === 3 ? header.readBigUInt64BE(72) : 0n;
  if (incompatible > 1n) throw new BadQcow2(`qcow2 features ${incompatible} are not supported`);
  return {
    virtual_bytes: Number(header.readBigUInt64BE(24)),
    cluster_bits,
    l1_entries: header.readUInt32BE(36),
    l1_offset: Number(header.readBigUInt64BE(40)),
  };
}

/**
 * Writes the disk that a qcow2 describes as a sparse raw file of `size_bytes` (default: its own size).
 * @throws BadQcow2 for what is broken or uses a feature that image stores refuse
 */
export async function readQcow2(qcow2_path: string, raw_path: string, size_bytes?: number): Promise<void> {
  await using file = await open(qcow2_path, "r");
  const header = await readQcow2Header(file);
  if (header === undefined) throw new BadQcow2("the file is not a qcow2");
  await using out = await open(raw_path, "w");
  await out.truncate(size_bytes ?? header.virtual_bytes);
  const cluster_bytes = 2 ** header.cluster_bits;
  const entries = cluster_bytes / 8;
  const l1 = await readExactly(file, header.l1_offset, header.l1_entries * 8);
  for (let l1_index = 0; l1_index < header.l1_entries; l1_index++) {
    const table_offset = Number(l1.readBigUInt64BE(l1_index * 8) & OFFSET_MASK);
    if (table_offset === 0) continue;
    const table = await readExactly(file, table_offset, cluster_bytes);
    for (let index = 0; index < entries; index++) {
      const entry = table.readBigUInt64BE(index * 8);
      const at = (l1_index * entries + index) * cluster_bytes;
      if (entry === 0n || at >= header.virtual_bytes) continue;
      const cluster = await readCluster(file, entry, header.cluster_bits);
      if (cluster === undefined || isZero(cluster)) continue;
      await out.write(cluster, 0, Math.min(cluster.length, header.virtual_bytes - at), at);
    }
  }
}

async function readCluster(
  file: FileHandle,
  entry: bigint,
  cluster_bits: number,
): Promise<Buffer | undefined> {
  const cluster_bytes = 2 ** cluster_bits;
  if ((entry & COMPRESSED) !== 0n) {
    const offset_bits = BigInt(62 - (cluster_bits - 8));
    const offset = Number(entry & ((1n << offset_bits) - 1n));
    const sectors = Number((entry & (COMPRESSED - 1n)) >> offset_bits) + 1;
    const packed_bytes = sectors * SECTOR_BYTES - (offset % SECTOR_BYTES);
    const packed = Buffer.alloc(packed_bytes);
    await file.read(packed, 0, packed_bytes, offset);
    return inflateRawSync(packed, { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: cluster_bytes });
  }
  if ((entry & READS_AS_ZERO) !== 0n) return undefined;
  const offset = Number(entry & OFFSET_MASK);
  return offset === 0 ? undefined : await readUpTo(file, offset, cluster_bytes);
}

async function readExactly(file: FileHandle, offset: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length);
  const { bytesRead } = await file.read(buffer, 0, length, offset);
  if (bytesRead !== length) throw new BadQcow2(`the qcow2 ends at ${offset + bytesRead}, inside of a table`);
  return buffer;
}

/** The last cluster of a file may be cut where its data ends; the rest reads as zeros. */
async function readUpTo(file: FileHandle, offset: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length);
  await file.read(buffer, 0, length, offset);
  return buffer;
}
