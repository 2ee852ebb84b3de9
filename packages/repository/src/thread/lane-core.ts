import { ChunkBench, type WritePack } from "../chunk/chunk-bench.ts";
import type { HashName } from "../chunk/chunk-hash.ts";
import { ChunkOpener } from "../chunk/chunk-opener.ts";
import type { ChunkKind } from "../chunk/chunk-word.ts";
import { SeenIds } from "../index/seen-ids.ts";
import { encodeEntries } from "../pack/pack-entry.ts";
import { TAG_BYTES } from "../seal/aead.ts";
import {
  type FilePlace,
  type PathPlace,
  PathReader,
  readPlace,
  writePieces,
  writePlace,
} from "./file-place.ts";

/**
 * Chunks that a lane has in hand at a time: half of them are worked on, one behind the other, while the others are read, written or
 * on their way. With fewer, threads wake each other so often that a rescan takes a twentieth more.
 */
export const SLOTS_PER_LANE = 16;

export const slotBytes = (chunk_bytes: number): number => chunk_bytes + TAG_BYTES;

/** A sealed chunk, and what it must be. */
interface OpenedChunk {
  /** As stored. */
  readonly length: number;
  readonly key: Uint8Array;
  /** In its pack. */
  readonly offset: number;
  readonly id: Uint8Array;
  readonly word: number;
  /** Whether its digest is made whatever else is known of it. */
  readonly digests: boolean;
  /** Where it is read from first; without it it's in the slot. */
  readonly from?: PathPlace | undefined;
  /** Where it is written to when it was opened; without it it's put into the slot. */
  readonly to?: FilePlace | undefined;
}

/** A chunk that goes from a file to a file. */
export type CopiedChunk = OpenedChunk & Required<Pick<OpenedChunk, "from" | "to">>;

/** Opened: it was that chunk. Missing: there is no such file any more. */
type Opening = "opened" | "damaged" | "missing";

/** What is asked of a lane. Bytes are in slots, and packs are made in memory that both sides see, or in a file. */
export type LaneRequest =
  | { readonly op: "know"; readonly seen: SharedArrayBuffer }
  | {
      readonly op: "add";
      readonly slot: number;
      readonly length: number;
      readonly kind: ChunkKind;
      /** Where the chunk is read from first; without it it's in the slot. */
      readonly from?: FilePlace | undefined;
      /** Whether it must be in the slot afterwards; else it is only where it is new and was not stored. */
      readonly keep?: boolean;
    }
  | {
      readonly op: "begin";
      readonly into: SharedArrayBuffer | { readonly fd: number };
      readonly key: Uint8Array;
      readonly generation: number;
    }
  | {
      readonly op: "store";
      readonly slot: number;
      readonly length: number;
      readonly id: Uint8Array;
      readonly kind: ChunkKind;
    }
  | { readonly op: "finish" }
  | (OpenedChunk & { readonly op: "open"; readonly slot: number })
  | {
      readonly op: "copy";
      /** Each sealed chunk is there for a moment. */
      readonly slot: number;
      readonly chunks: readonly CopiedChunk[];
    };

export interface LaneReplies {
  know: null;
  add: AddReply | null;
  begin: null;
  /** Length of the pack so far. */
  store: number;
  /** Entries as in a trailer. */
  finish: { readonly length: number; readonly entries: Uint8Array };
  open: Opening;
  /** One a chunk. */
  copy: readonly Opening[];
}

/** What was found in a slot that is not all zeros. */
export interface AddReply {
  readonly id: Uint8Array;
  /** Nobody has seen this chunk before. */
  readonly is_new: boolean;
  /** Length of the pack with it; 0 when it was not stored: it is not new, or there is no pack. */
  readonly pack_bytes: number;
}

/** What both ends of a lane know from its beginning. */
export interface LaneSetup {
  readonly slots: SharedArrayBuffer;
  readonly chunk_bytes: number;
  readonly hash: HashName;
}

/** The far end of a lane: on a thread, or in line. */
export class LaneCore {
  readonly #bench: ChunkBench;
  readonly #opener: ChunkOpener;
  readonly #slots: Buffer[];
  /** Where files are read to: always the same memory, which stays in the processor's caches. Slots take turns, and do not. */
  readonly #read: Buffer;
  #seen: SeenIds | undefined;

  constructor({ slots, chunk_bytes, hash }: LaneSetup) {
    this.#bench = new ChunkBench(chunk_bytes, hash);
    this.#opener = new ChunkOpener(hash);
    this.#slots = slotsOf(slots, chunk_bytes);
    this.#read = Buffer.allocUnsafeSlow(slotBytes(chunk_bytes));
  }

  run(request: LaneRequest): LaneReplies[LaneRequest["op"]] {
    switch (request.op) {
      case "know":
        this.#seen = new SeenIds(request.seen);
        return null;
      case "add":
        return this.#add(request);
      case "begin":
        this.#bench.beginPack(writerTo(request.into), asBuffer(request.key), request.generation);
        return null;
      case "store":
        return this.#bench.store(this.#slot(request), asBuffer(request.id), request.kind);
      case "finish": {
        const { length, entries } = this.#bench.finishPack();
        return { length, entries: encodeEntries(entries) };
      }
      case "open": {
        using files = new PathReader();
        return this.#open(request.slot, request, files);
      }
      case "copy": {
        using files = new PathReader();
        return request.chunks.map((chunk) => this.#open(request.slot, chunk, files));
      }
    }
  }

  #add(request: Extract<LaneRequest, { op: "add" }>): LaneReplies["add"] {
    const { length, from, kind, keep = false } = request;
    const chunk = from ? this.#read.subarray(0, length) : this.#slot(request);
    if (from && !readPlace(chunk, from))
      throw new Error(`the file ends before byte ${from.offset_bytes + length}, and the disk does not`);
    const id = this.#bench.identify(chunk);
    if (id === null) return null;
    const is_new = this.#seen?.mark(id) ?? false;
    const pack_bytes = is_new && this.#bench.packs ? this.#bench.store(chunk, id, kind) : 0;
    const is_kept = keep || (is_new && pack_bytes === 0);
    if (from && is_kept) chunk.copy(this.#slot(request));
    return { id, is_new, pack_bytes };
  }

  #open(slot: number, chunk: OpenedChunk, files: PathReader): Opening {
    const { length, key, offset, id, word, digests, from, to } = chunk;
    const sealed = from ? this.#read.subarray(0, length) : this.#slot({ slot, length });
    const found = from ? files.read(sealed, from) : "read";
    if (found !== "read") return found === "missing" ? found : "damaged";
    const use = (bytes: Buffer) => {
      if (to) writePlace(bytes, to);
      else bytes.copy(this.#slot({ slot, length: bytes.length }));
    };
    return this.#opener.open(asBuffer(key), { offset, id: asBuffer(id), word, digests }, sealed, use)
      ? "opened"
      : "damaged";
  }

  #slot({ slot, length }: { slot: number; length: number }): Buffer {
    const buffer = this.#slots[slot];
    if (!buffer) throw new RangeError(`no slot ${slot}`);
    return buffer.subarray(0, length);
  }
}

function writerTo(into: SharedArrayBuffer | { readonly fd: number }): WritePack {
  if ("fd" in into) return (offset_bytes, pieces) => writePieces(pieces, { fd: into.fd, offset_bytes });
  const bytes = Buffer.from(into);
  return (offset, pieces) => {
    let at = offset;
    for (const piece of pieces) at += piece.copy(bytes, at);
  };
}

export function slotsOf(shared: SharedArrayBuffer, chunk_bytes: number): Buffer[] {
  const size = slotBytes(chunk_bytes);
  return Array.from({ length: SLOTS_PER_LANE }, (_, slot) => Buffer.from(shared, slot * size, size));
}

export const asBuffer = (bytes: Uint8Array): Buffer =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
