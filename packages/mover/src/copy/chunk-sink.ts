import type { SourceDisk } from "../disk/target-disk.ts";
import type { ChunkMap } from "./chunk-map.ts";
import type { Slot } from "./chunk-threads.ts";

/** A disk to read, which may know digests of chunks without reading them: recovery points do. */
export interface SourceChunks extends SourceDisk {
  digestOf?(chunk: number): Promise<Buffer | undefined>;
}

/** Where chunks go: a disk here, or the mover at the other end of a stream. */
export interface ChunkSink {
  /** Whether the next chunk should come packed. */
  readonly packs: boolean;
  /** The digest of what the target has there already. Chunks are asked for in ascending order, and again after a repair. */
  known(chunk: number): Promise<Buffer | undefined>;
  /** Takes a chunk from its slot; the slot is free again when it resolves. */
  put(chunk: PressedChunk, slot: Slot): Promise<void>;
  putZeros(chunk: number): Promise<void>;
  /** Waits for all that was put, compares the whole by its chain, and answers chunks that did not arrive as they were sent. */
  finish(source: ChunkMap): Promise<readonly number[]>;
}

export interface PressedChunk {
  readonly number: number;
  readonly length: number;
  readonly digest: Buffer;
  /** 0: it is only in the slot's raw part. */
  readonly packed_length: number;
}

/** What a copy tells while it goes. */
export interface CopyBoard {
  /** From the source. */
  read(bytes: number): void;
  /** Not read, or not sent, because the target has it, or because it is zeros. */
  skipped(bytes: number, zeros: boolean): void;
  /** To another mover, packed as it is. */
  onWire(bytes: number): void;
  /** To the target. */
  wrote(bytes: number): void;
  verified(bytes: number): void;
}
