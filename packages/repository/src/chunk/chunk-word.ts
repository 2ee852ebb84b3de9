/** What is known of a stored chunk beside its id and place, in 32 bits: raw length, whether it is packed with zstd, what it holds. */
export type ChunkKind = "data" | "segment";

const LENGTH_MASK = 0x00ff_ffff;
const ZSTD = 0x8000_0000;
const SEGMENT = 0x4000_0000;

export const wordOf = (raw_bytes: number, zstd: boolean, kind: ChunkKind): number =>
  (raw_bytes | (zstd ? ZSTD : 0) | (kind === "segment" ? SEGMENT : 0)) >>> 0;
export const rawLength = (word: number): number => word & LENGTH_MASK;
export const isZstd = (word: number): boolean => (word & ZSTD) !== 0;
export const kindOf = (word: number): ChunkKind => ((word & SEGMENT) !== 0 ? "segment" : "data");
