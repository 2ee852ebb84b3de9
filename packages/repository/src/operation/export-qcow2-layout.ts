import type { Extent } from "./disk-source.ts";

const MAGIC = 0x514649fb;
const VERSION = 3;
const HEADER_BYTES = 104;
/** 2^4 bits a reference count. */
const REFCOUNT_ORDER = 4;
const REFCOUNT_BYTES = 2;
const ENTRY_BYTES = 8;
/** In the upper half of an entry: nobody else uses the cluster. */
const COPIED = 0x8000_0000;
const MIN_CLUSTER_BITS = 16;
const MAX_CLUSTER_BITS = 21;
/** Larger disks get larger clusters: so many have 32 MiB of tables. */
const MANY_CLUSTERS = 4 * 1024 * 1024;
const SECTOR_BYTES = 512;

/**
 * Where everything of a qcow2 file (version 3, no backing file, nothing compressed) is, known before its first byte is written: so it can be
 * written in any order, or streamed into something that must be told the length first.
 * @see https://gitlab.com/qemu-project/qemu/-/blob/v7.2.0/docs/interop/qcow2.txt
 *
 *     header | refcount table | refcount blocks | L1 | L2 tables with any entry | clusters that are there, ascending
 */
export class Qcow2Layout {
  readonly cluster_bytes: number;
  /** Of the file. */
  readonly file_bytes: number;
  /** Where the data begins; all before it are tables. */
  readonly data_at: number;
  /** Of the disk; whole sectors, as qemu has it. */
  readonly #disk_bytes: number;
  readonly #cluster_bits: number;
  readonly #there: Clusters;
  readonly #tables: {
    readonly l1: number;
    readonly l2: number[];
    readonly refcounts: number;
    readonly blocks: number;
  };

  private constructor(disk_bytes: number, cluster_bits: number, there: Clusters) {
    this.#disk_bytes = disk_bytes;
    this.#cluster_bits = cluster_bits;
    this.cluster_bytes = 2 ** cluster_bits;
    this.#there = there;
    const per_table = this.cluster_bytes / ENTRY_BYTES;
    const l2: number[] = [];
    for (let first = 0, table = 0; first < there.count; first += per_table, table++)
      if (there.before(Math.min(there.count, first + per_table)) > there.before(first)) l2.push(table);
    const l1 = Math.max(
      1,
      Math.ceil((Math.ceil(there.count / per_table) * ENTRY_BYTES) / this.cluster_bytes),
    );
    const counted = 1 + l1 + l2.length + there.before(there.count);
    let refcounts = 1;
    let blocks = 1;
    for (let total = 0; total !== counted + refcounts + blocks; ) {
      total = counted + refcounts + blocks; // the counts are counted, too
      blocks = Math.ceil(total / (this.cluster_bytes / REFCOUNT_BYTES));
      refcounts = Math.ceil((blocks * ENTRY_BYTES) / this.cluster_bytes);
    }
    this.#tables = { l1, l2, refcounts, blocks };
    this.file_bytes = (counted + refcounts + blocks) * this.cluster_bytes;
    this.data_at = (1 + refcounts + blocks + l1 + l2.length) * this.cluster_bytes;
  }

  /** @param extents where there may be anything but zeros, ascending */
  static async of(
    size_bytes: number,
    extents: Iterable<Extent> | AsyncIterable<Extent>,
  ): Promise<Qcow2Layout> {
    let bits = MIN_CLUSTER_BITS;
    while (bits < MAX_CLUSTER_BITS && size_bytes / 2 ** bits > MANY_CLUSTERS) bits++;
    const there = new Clusters(Math.ceil(size_bytes / 2 ** bits));
    for await (const { offset_bytes, length_bytes } of extents)
      there.add(Math.floor(offset_bytes / 2 ** bits), Math.ceil((offset_bytes + length_bytes) / 2 ** bits));
    there.countUp();
    return new Qcow2Layout(Math.ceil(size_bytes / SECTOR_BYTES) * SECTOR_BYTES, bits, there);
  }

  /** Where in the file a byte of the disk is; undefined where the disk has a hole. Extents follow each other without a gap. */
  placeOf(offset_bytes: number): number | undefined {
    const cluster = Math.floor(offset_bytes / this.cluster_bytes);
    return this.#there.has(cluster) ? this.#hostOf(cluster) + (offset_bytes % this.cluster_bytes) : undefined;
  }

  /** The parts of a range of the disk that are in the file, ascending. */
  runs(offset_bytes: number, length_bytes: number): Extent[] {
    const end = offset_bytes + length_bytes;
    const runs: { offset_bytes: number; length_bytes: number }[] = [];
    for (let at = offset_bytes; at < end; ) {
      const next = Math.min(end, (Math.floor(at / this.cluster_bytes) + 1) * this.cluster_bytes);
      const last = runs.at(-1);
      if (this.placeOf(at) !== undefined) {
        if (last && last.offset_bytes + last.length_bytes === at) last.length_bytes += next - at;
        else runs.push({ offset_bytes: at, length_bytes: next - at });
      }
      at = next;
    }
    return runs;
  }

  /** All that is before the data, cluster by cluster from the first byte on. A yielded buffer is good until the next is asked for. */
  *head(): Generator<Buffer> {
    const { l1, l2, refcounts, blocks } = this.#tables;
    const cluster = Buffer.alloc(this.cluster_bytes);
    this.#writeHeader(cluster);
    yield cluster;
    const blocks_at = 1 + refcounts;
    yield* this.#entries(cluster, refcounts, (index) =>
      index < blocks ? (blocks_at + index) * this.cluster_bytes : undefined,
    );
    const total = this.file_bytes / this.cluster_bytes;
    const per_block = this.cluster_bytes / REFCOUNT_BYTES;
    for (let block = 0; block < blocks; block++) {
      cluster.fill(0);
      for (let index = 0; index < Math.min(per_block, total - block * per_block); index++)
        cluster.writeUInt16BE(1, index * REFCOUNT_BYTES);
      yield cluster;
    }
    const l2_at = blocks_at + blocks + l1;
    const place = new Map(l2.map((table, index) => [table, (l2_at + index) * this.cluster_bytes]));
    yield* this.#entries(cluster, l1, (table) => place.get(table), COPIED);
    const per_table = this.cluster_bytes / ENTRY_BYTES;
    for (const table of l2)
      yield* this.#entries(
        cluster,
        1,
        (index) => {
          const number = table * per_table + index;
          return this.#there.has(number) ? this.#hostOf(number) : undefined;
        },
        COPIED,
      );
  }

  #hostOf(cluster: number): number {
    return this.data_at + this.#there.before(cluster) * this.cluster_bytes;
  }

  *#entries(
    cluster: Buffer,
    clusters: number,
    entry: (index: number) => number | undefined,
    flag = 0,
  ): Generator<Buffer> {
    const per_cluster = this.cluster_bytes / ENTRY_BYTES;
    for (let number = 0; number < clusters; number++) {
      cluster.fill(0);
      for (let index = 0; index < per_cluster; index++) {
        const offset = entry(number * per_cluster + index);
        if (offset !== undefined) writeOffset(cluster, index * ENTRY_BYTES, offset, flag);
      }
      yield cluster;
    }
  }

  #writeHeader(header: Buffer): void {
    const { refcounts, blocks } = this.#tables;
    const per_table = this.cluster_bytes / ENTRY_BYTES;
    header.fill(0);
    header.writeUInt32BE(MAGIC, 0);
    header.writeUInt32BE(VERSION, 4);
    header.writeUInt32BE(this.#cluster_bits, 20);
    writeOffset(header, 24, this.#disk_bytes);
    header.writeUInt32BE(Math.ceil(this.#there.count / per_table), 36);
    writeOffset(header, 40, (1 + refcounts + blocks) * this.cluster_bytes);
    writeOffset(header, 48, this.cluster_bytes);
    header.writeUInt32BE(refcounts, 56);
    header.writeUInt32BE(REFCOUNT_ORDER, 96);
    header.writeUInt32BE(HEADER_BYTES, 100);
  }
}

/** Offsets are below 2^53: above that a Number is not exact. */
function writeOffset(into: Buffer, at: number, offset: number, flag = 0): void {
  into.writeUInt32BE((Math.floor(offset / 2 ** 32) | flag) >>> 0, at);
  into.writeUInt32BE(offset % 2 ** 32, at + 4);
}

/** A set of clusters that tells quickly how many of them come before one. */
class Clusters {
  readonly count: number;
  readonly #words: Uint32Array;
  readonly #before: Uint32Array;

  constructor(count: number) {
    this.count = count;
    this.#words = new Uint32Array((count >> 5) + 1);
    this.#before = new Uint32Array(this.#words.length);
  }

  add(from: number, to: number): void {
    for (let cluster = from; cluster < Math.min(to, this.count); cluster++)
      this.#words[cluster >> 5] = ((this.#words[cluster >> 5] ?? 0) | (1 << (cluster & 31))) >>> 0;
  }

  /** After the last add, before the first question. */
  countUp(): void {
    for (let word = 1; word < this.#words.length; word++)
      this.#before[word] = (this.#before[word - 1] ?? 0) + ones(this.#words[word - 1] ?? 0);
  }

  has(cluster: number): boolean {
    return cluster < this.count && (((this.#words[cluster >> 5] ?? 0) >>> (cluster & 31)) & 1) === 1;
  }

  before(cluster: number): number {
    const word = cluster >> 5;
    const lower = (this.#words[word] ?? 0) & (2 ** (cluster & 31) - 1);
    return (this.#before[word] ?? 0) + ones(lower >>> 0);
  }
}

function ones(word: number): number {
  let count = 0;
  for (let left = word; left !== 0; left = (left & (left - 1)) >>> 0) count++;
  return count;
}
