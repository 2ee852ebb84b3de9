import { open } from "node:fs/promises";
import { isZero, readPieces } from "./sparse-copy.ts";

const CLUSTER_BITS = 16;
export const CLUSTER_BYTES = 1 << CLUSTER_BITS;
const ENTRIES_PER_TABLE = CLUSTER_BYTES / 8;
const REFCOUNTS_PER_BLOCK = CLUSTER_BYTES / 2;
const MAGIC = 0x514649fb;
const HEADER_LENGTH = 104;
/** Set on entries whose cluster is referenced exactly once, so that it may be written in place. */
const COPIED = 1n << 63n;

/**
 * Writes a raw disk as an uncompressed qcow2 (version 3, 64 KiB clusters, 16 bit refcounts); clusters of zeros are left out.
 *
 * Order in the file: header, L1 table, data clusters, L2 tables, refcount blocks, refcount table. Everything but the data is small,
 * so one pass over the disk does.
 * @see https://gitlab.com/qemu-project/qemu/-/blob/master/docs/interop/qcow2.rst
 */
export async function writeQcow2(raw_path: string, qcow2_path: string): Promise<void> {
  await using raw = await open(raw_path, "r");
  await using out = await open(qcow2_path, "w");
  const { size: virtual_bytes, blocks } = await raw.stat();
  const l1_entries = Math.max(1, Math.ceil(virtual_bytes / CLUSTER_BYTES / ENTRIES_PER_TABLE));
  const l1_clusters = Math.ceil((l1_entries * 8) / CLUSTER_BYTES);
  const l1 = Buffer.alloc(l1_clusters * CLUSTER_BYTES);
  const tables = new Map<number, Buffer>();
  let next = 1 + l1_clusters;

  if (blocks > 0) {
    for await (const { offset, piece } of readPieces(raw, virtual_bytes)) {
      if (isZero(piece)) continue;
      for (let at = 0; at < piece.length; at += CLUSTER_BYTES) {
        const cluster = piece.subarray(at, at + CLUSTER_BYTES);
        if (isZero(cluster)) continue;
        const index = (offset + at) / CLUSTER_BYTES;
        const table_index = Math.floor(index / ENTRIES_PER_TABLE);
        const table = tables.get(table_index) ?? Buffer.alloc(CLUSTER_BYTES);
        tables.set(table_index, table);
        table.writeBigUInt64BE(offsetOf(next) | COPIED, (index % ENTRIES_PER_TABLE) * 8);
        await out.write(cluster, 0, cluster.length, next * CLUSTER_BYTES);
        next += 1;
      }
    }
  }
  for (const [table_index, table] of tables) {
    l1.writeBigUInt64BE(offsetOf(next) | COPIED, table_index * 8);
    await out.write(table, 0, table.length, next * CLUSTER_BYTES);
    next += 1;
  }
  await out.write(l1, 0, l1.length, CLUSTER_BYTES);

  const refcounts = planRefcounts(next);
  const block_list = Buffer.alloc(refcounts.table_clusters * CLUSTER_BYTES);
  for (let block = 0; block < refcounts.blocks; block++) {
    block_list.writeBigUInt64BE(offsetOf(next + block), block * 8);
    const counts = Buffer.alloc(CLUSTER_BYTES);
    const first = block * REFCOUNTS_PER_BLOCK;
    const used = Math.min(REFCOUNTS_PER_BLOCK, refcounts.total_clusters - first);
    for (let entry = 0; entry < used; entry++) counts.writeUInt16BE(1, entry * 2);
    await out.write(counts, 0, counts.length, (next + block) * CLUSTER_BYTES);
  }
  const table_cluster = next + refcounts.blocks;
  await out.write(block_list, 0, block_list.length, table_cluster * CLUSTER_BYTES);

  const header = Buffer.alloc(CLUSTER_BYTES);
  header.writeUInt32BE(MAGIC, 0);
  header.writeUInt32BE(3, 4);
  header.writeUInt32BE(CLUSTER_BITS, 20);
  header.writeBigUInt64BE(BigInt(virtual_bytes), 24);
  header.writeUInt32BE(l1_entries, 36);
  header.writeBigUInt64BE(offsetOf(1), 40);
  header.writeBigUInt64BE(offsetOf(table_cluster), 48);
  header.writeUInt32BE(refcounts.table_clusters, 56);
  header.writeUInt32BE(4, 96); // refcount_order: 2^4 = 16 bits
  header.writeUInt32BE(HEADER_LENGTH, 100);
  await out.write(header, 0, header.length, 0);
}

/** The refcount blocks count themselves and their table too. */
function planRefcounts(used_clusters: number): {
  blocks: number;
  table_clusters: number;
  total_clusters: number;
} {
  let blocks = 1;
  let table_clusters = 1;
  for (;;) {
    const total_clusters = used_clusters + blocks + table_clusters;
    const blocks_needed = Math.ceil(total_clusters / REFCOUNTS_PER_BLOCK);
    const tables_needed = Math.ceil(blocks_needed / ENTRIES_PER_TABLE);
    if (blocks_needed === blocks && tables_needed === table_clusters)
      return { blocks, table_clusters, total_clusters };
    blocks = blocks_needed;
    table_clusters = tables_needed;
  }
}

function offsetOf(cluster: number): bigint {
  return BigInt(cluster) * BigInt(CLUSTER_BYTES);
}
